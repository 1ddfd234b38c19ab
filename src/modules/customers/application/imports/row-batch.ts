import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Money } from '../../../../kernel/money.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { ImportBook } from '../../domain/imports/import-book.js';
import { type ImportRow, readRow } from '../../domain/imports/import-row.js';
import type { DueToImport, ImportChanges, KnownPerson, RowOutcome, SeenBefore } from '../../domain/imports/known.js';
import { RowRefused } from '../../domain/imports/refusal.js';
import { AddDues } from '../ledger/add-dues.js';
import { DuePlans } from '../ledger/due-plans.js';
import { ChangeCustomer } from '../people/change-customer.js';
import type { FileRow, RowResult } from './import-file.js';
import { ImportRecords } from './import-records.js';

export interface BatchDone {
  readonly results: readonly RowResult[];
  /** What `SeenBefore` is to remember once the batch has committed. */
  readonly seen: readonly string[];
}

/** Imports some hundred rows in the open transaction. What is wrong with a row is found before anything is written. */
@Injectable()
export class RowBatch {
  constructor(
    private readonly records: ImportRecords,
    private readonly commands: Commands,
    private readonly plans: DuePlans,
    private readonly clock: Clock,
  ) {}

  async newBook(seenBefore: SeenBefore): Promise<ImportBook> {
    return new ImportBook(await this.records.merchant(), seenBefore, this.clock.now());
  }

  /** What `write` would answer. @param book what earlier batches would have left behind */
  async preview(rows: readonly FileRow[], book: ImportBook): Promise<BatchDone> {
    const read = readAll(rows, book.country);
    await this.#learn(book, read);
    const results = rows.map((row, index) => resultOf(row, outcomeOf(read[index]!, book)));
    const { seen } = book.releaseChanges();
    book.forgetUnchanged();
    return { results: results.map((result) => ({ ...result, customerId: null, dueId: null })), seen };
  }

  async write(rows: readonly FileRow[], seenBefore: SeenBefore): Promise<BatchDone> {
    const book = await this.newBook(seenBefore);
    const read = readAll(rows, book.country);
    await this.records.lock(rowsIn(read));
    await this.#learn(book, read);
    const outcomes = read.map((row) => outcomeOf(row, book));
    const changes = book.releaseChanges();
    await this.#savePeople(changes);
    const dueIds = await this.#saveDues(changes.dues);
    return { results: rows.map((row, index) => resultOf(row, outcomes[index]!, dueIds)), seen: changes.seen };
  }

  async #learn(book: ImportBook, read: readonly (ImportRow | RowOutcome)[]): Promise<void> {
    const rows = rowsIn(read);
    const people = await this.records.people(rows);
    book.learn(
      people,
      await this.records.dues(
        rows,
        people.flatMap(({ id, books }) => (books ? [id] : [])),
      ),
    );
  }

  async #savePeople({ newPeople, changed }: ImportChanges): Promise<void> {
    await this.records.add(
      newPeople,
      changed.flatMap(({ before, after }) => (before.books ? [] : [after])),
    );
    await this.records.change(changed.map(({ after }) => after));
    for (const { before, after } of changed)
      if (before.phones !== after.phones)
        await this.commands.execute(new ChangeCustomer(after.id, { phone: after.phones[0] }));
    const planned = changed.filter(({ before, after }) => before.books && isPlannedAnew(before, after));
    await this.plans.plan(await this.records.openDueIds(planned.map(({ after }) => after.id)));
  }

  /** @returns the ids that the books gave to the dues */
  async #saveDues(dues: readonly DueToImport[]): Promise<ReadonlyMap<string, string>> {
    if (dues.length === 0) return new Map();
    const taken = await this.commands.execute(
      new AddDues(
        dues.map(({ customerId, amountMinor, currency, dueDate, description, reference }) => ({
          customerId,
          amount: Money.of(amountMinor, currency),
          dueDate,
          description,
          reference,
        })),
      ),
    );
    const dueIds = new Map(dues.map(({ id }, index) => [id, taken[index]!.dueId]));
    await this.records.noteKeys(
      dues.flatMap(({ id, importKey }) => (importKey === undefined ? [] : [{ dueId: dueIds.get(id)!, importKey }])),
    );
    return dueIds;
  }
}

function readAll(rows: readonly FileRow[], country: string): (ImportRow | RowOutcome)[] {
  return rows.map((row) => {
    if ('refusal' in row) return { outcome: 'refused', refusal: row.refusal };
    try {
      return readRow(row.cells, country);
    } catch (error) {
      if (error instanceof RowRefused) return { outcome: 'refused', refusal: error.refusal };
      throw error;
    }
  });
}

function rowsIn(read: readonly (ImportRow | RowOutcome)[]): ImportRow[] {
  return read.flatMap((row) => ('outcome' in row ? [] : [row]));
}

function outcomeOf(row: ImportRow | RowOutcome, book: ImportBook): RowOutcome {
  return 'outcome' in row ? row : book.take(row);
}

function resultOf({ line }: FileRow, taken: RowOutcome, dueIds?: ReadonlyMap<string, string>): RowResult {
  if (taken.outcome === 'refused')
    return { line, outcome: 'refused', customerId: null, dueId: null, due: null, ...taken.refusal };
  const { outcome, customerId, due } = taken;
  const dueId = due ? (dueIds?.get(due.id) ?? due.id) : null;
  return { line, outcome, customerId, dueId, due: due?.outcome ?? null };
}

/** A zone, language or term that changes moves what was planned. */
function isPlannedAnew({ books: before }: KnownPerson, { books: after }: KnownPerson): boolean {
  return (
    before?.timezone !== after?.timezone ||
    before?.language !== after?.language ||
    before?.paymentTermId !== after?.paymentTermId
  );
}
