import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { isForeignKeyViolation, isUniqueViolation } from '../../../../platform/database/database-errors.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { toProblem } from '../../../../platform/http/problem.js';
import type { ImportBook } from '../../domain/imports/import-book.js';
import type { SeenBefore } from '../../domain/imports/known.js';
import { Ordinals } from '../../domain/imports/ordinals.js';
import type { FileRow, ImportCounts, RowResult } from './import-file.js';
import { type BatchDone, RowBatch } from './row-batch.js';

const ROWS_AT_ONCE = 500;
/** A preview remembers so many people whom the file would change; after them it begins anew, and may call one new who is not. */
const MOST_PEOPLE = 50_000;

/**
 * Takes customers and their dues from a file, batch by batch, each in a transaction of its own: a crash leaves whole batches, and
 * the same file again completes the rest and changes nothing else. A row that is refused spoils only itself.
 * Emits what AddCustomer, ChangeCustomer and AddDues emit.
 */
@OpensItsOwnTransactions()
export class ImportCustomers extends Command<ImportCounts> {
  constructor(
    /** Read no faster than it is written. */
    readonly rows: AsyncIterable<FileRow>,
    /** `preview` answers the same and changes nothing. */
    readonly mode: 'write' | 'preview',
    /** Called with each row's result, in the order of the file. */
    readonly report: (result: RowResult) => Promise<void>,
  ) {
    super();
  }
}

@CommandHandler(ImportCustomers)
export class ImportCustomersHandler implements ICommandHandler<ImportCustomers> {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly batch: RowBatch,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  async execute({ rows, mode, report }: ImportCustomers): Promise<ImportCounts> {
    const counts = { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0, duesAdded: 0 };
    const seen = new Ordinals();
    let book: ImportBook | undefined;
    for await (const batch of inBatches(rows)) {
      if (mode === 'preview' && (!book || book.changedPeople > MOST_PEOPLE))
        book = await this.#read(() => this.batch.newBook(seen));
      const done = await (book ? this.#preview(batch, book) : this.#inTurn(() => this.#write(batch, seen)));
      done.seen.forEach((text) => seen.add(text));
      for (const result of done.results) {
        counts.rows++;
        counts[result.outcome]++;
        if (result.due === 'added') counts.duesAdded++;
        await report(result);
      }
    }
    if (mode === 'write')
      await this.unitOfWork.run(() => this.audit.record({ action: 'customers.imported', details: counts }));
    return counts;
  }

  #preview(batch: readonly FileRow[], book: ImportBook): Promise<BatchDone> {
    return this.#read(() => this.batch.preview(batch, book));
  }

  #read<T>(work: () => Promise<T>): Promise<T> {
    return this.unitOfWork.inBackground(() => this.unitOfWork.runSql(work));
  }

  /** Whatever the plan did not foresee is somebody's who wrote meanwhile: the batch is divided until it is found. */
  async #write(batch: readonly FileRow[], seen: SeenBefore): Promise<BatchDone> {
    try {
      return await this.#read(() => this.batch.write(batch, seen));
    } catch (error) {
      const isMoved = isUniqueViolation(error) || isForeignKeyViolation(error);
      const { status, code, detail } = toProblem(error);
      if (status >= 500 && !isMoved) throw error;
      if (batch.length > 1) {
        const first = await this.#write(batch.slice(0, batch.length >> 1), seen);
        const second = await this.#write(batch.slice(batch.length >> 1), remembering(seen, first.seen));
        return { results: [...first.results, ...second.results], seen: [...first.seen, ...second.seen] };
      }
      const why = isMoved
        ? { code: 'CHANGED_MEANWHILE', message: 'Somebody changed this customer meanwhile: import the row again.' }
        : { code, message: detail };
      const refused = { line: batch[0]!.line, outcome: 'refused', customerId: null, dueId: null, due: null } as const;
      return { results: [{ ...refused, ...why, column: null }], seen: [] };
    }
  }

  /** One batch at a time in a process: each locks hundreds of rows, and the database has room for so many locks. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function remembering(seen: SeenBefore, more: readonly string[]): SeenBefore {
  return { countOf: (text) => seen.countOf(text) + more.filter((other) => other === text).length };
}

async function* inBatches(rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
