import { newId } from '../../../../kernel/ids.js';
import { addDays, type CalendarDate, localDate } from '../../../../kernel/local-time.js';
import { amountIn, mustBeAsWritten } from './due-as-written.js';
import { type ImportRow, oneLine, type WrittenDue } from './import-row.js';
import type { DueToImport, ImportChanges, KnownDue, KnownPerson, Merchant, RowOutcome, SeenBefore } from './known.js';
import { RowRefused, refuse } from './refusal.js';

/**
 * What is known of the people and dues that rows are about; takes row by row, each knowing what the rows before it did. It writes
 * nothing: a preview and an import are the same up to here.
 */
export class ImportBook {
  readonly #people = new Map<string, KnownPerson>();
  readonly #byReference = new Map<string, string>();
  readonly #byPhone = new Map<string, string>();
  readonly #dues = new Map<string, Map<string, KnownDue>>();
  readonly #before = new Map<string, KnownPerson | undefined>();
  readonly #changed = new Set<string>();
  #newDues: DueToImport[] = [];
  #seen: string[] = [];

  constructor(
    private readonly merchant: Merchant,
    private readonly seenBefore: SeenBefore,
    private readonly now: Date,
  ) {}

  /** How many people are not as the books have them. */
  get changedPeople(): number {
    return this.#changed.size;
  }

  get country(): string {
    return this.merchant.country;
  }

  /** What is known already stays: earlier rows may have changed it. */
  learn(people: readonly KnownPerson[], dues: readonly KnownDue[]): void {
    for (const person of people) if (!this.#people.has(person.id)) this.#put(person);
    for (const due of dues) this.#putDue(due);
  }

  /** Whoever is as the books have them can be learned again. */
  forgetUnchanged(): void {
    for (const [id, { phones, books }] of this.#people) {
      if (this.#changed.has(id)) continue;
      this.#people.delete(id);
      this.#dues.delete(id);
      for (const phone of phones) this.#byPhone.delete(phone);
      if (books?.reference !== undefined) this.#byReference.delete(books.reference);
    }
  }

  take(row: ImportRow): RowOutcome {
    try {
      return this.#take(row);
    } catch (error) {
      if (error instanceof RowRefused) return { outcome: 'refused', refusal: error.refusal };
      throw error;
    }
  }

  /** Hands over what the rows since the last call did. */
  releaseChanges(): ImportChanges {
    const touched = [...this.#before].map(([id, before]) => ({ before, after: this.#people.get(id)! }));
    const changes = {
      newPeople: touched.flatMap(({ before, after }) => (before ? [] : [after])),
      changed: touched.flatMap(({ before, after }) => (before ? [{ before, after }] : [])),
      dues: this.#newDues,
      seen: this.#seen,
    };
    this.#before.clear();
    [this.#newDues, this.#seen] = [[], []];
    return changes;
  }

  /** Decides all before it changes anything: a refused row leaves no trace. */
  #take(row: ImportRow): RowOutcome {
    const known = this.#personOf(row);
    const person = this.#asWritten(row, known);
    const due = row.due && this.#dueOf(row.due, person);
    const isNew = !known?.books;
    const isChanged = !known || !sameAs(known, person);
    if (isChanged) {
      if (!this.#before.has(person.id)) this.#before.set(person.id, known);
      this.#changed.add(person.id);
      this.#put(person);
    }
    if (due && 'added' in due) this.#addDue(due.added, due.seen);
    const outcome = isNew ? 'created' : isChanged || (due && 'added' in due) ? 'updated' : 'unchanged';
    const dueOutcome = due && ('added' in due ? ({ id: due.added.id, outcome: 'added' } as const) : due);
    return { outcome, customerId: person.id, due: dueOutcome };
  }

  /** By id, else by reference, else by phone; undefined: a new customer. */
  #personOf({ customerId, reference, phone }: ImportRow): KnownPerson | undefined {
    const byReference = reference === undefined ? undefined : this.#find(this.#byReference.get(reference));
    const byPhone = phone === undefined ? undefined : this.#find(this.#byPhone.get(phone));
    const named = customerId === undefined ? byReference : this.#find(customerId);
    if (customerId !== undefined && !named?.books)
      refuse('customer_id', 'UNKNOWN_CUSTOMER', 'There is no customer with this id.');
    if (byReference && named !== byReference)
      refuse('reference', 'CUSTOMER_REFERENCE_USED', 'Another customer has this reference.');
    if (named && byPhone?.books && byPhone !== named)
      refuse('phone', 'PHONE_TAKEN', 'Another customer has this phone number.');
    if (named) return named;
    const other = reference !== undefined && byPhone?.books && !byPhone.books.isArchived && byPhone.books.reference;
    if (other && other !== reference)
      refuse('reference', 'REFERENCE_DIFFERS', 'The customer with this phone number has another reference.');
    return byPhone;
  }

  #asWritten(row: ImportRow, known: KnownPerson | undefined): KnownPerson {
    const name = row.name ?? known?.name;
    if (name === undefined && !known?.books) refuse('name', 'NAME_REQUIRED', 'A new customer needs a name.');
    if (!known && row.phone === undefined) refuse('phone', 'PHONE_REQUIRED', 'A new customer needs a phone number.');
    const phones = known?.phones ?? [];
    return {
      id: known?.id ?? newId(),
      name: known?.name !== undefined && oneLine(known.name) === name ? known.name : name,
      phones: row.phone === undefined || phones.includes(row.phone) ? phones : [row.phone],
      books: {
        reference: row.reference ?? known?.books?.reference,
        language: row.language ?? known?.books?.language,
        timezone: row.timezone ?? known?.books?.timezone,
        paymentTermId: this.#termNamed(row.paymentTerm, known) ?? known?.books?.paymentTermId,
        currency: known?.books?.currency ?? this.merchant.currency,
        isArchived: false,
      },
    };
  }

  #termNamed(named: string | undefined, known: KnownPerson | undefined): string | undefined {
    if (named === undefined) return undefined;
    const wanted = named.toLowerCase();
    const term = this.merchant.terms.find(({ id, name }) => id === wanted || oneLine(name).toLowerCase() === wanted);
    if (!term || (term.isArchived && term.id !== known?.books?.paymentTermId))
      refuse('payment_term', 'UNKNOWN_PAYMENT_TERM', 'There is no payment term of this name.');
    return term.id;
  }

  #dueOf(
    written: WrittenDue,
    person: KnownPerson,
  ): { added: DueToImport; seen: string | undefined } | { id: string; outcome: 'known' } {
    const { currency } = person.books!;
    const amountMinor = amountIn(written, currency);
    const { id, reference, description } = written;
    const dues = this.#dues.get(person.id);
    const known = id === undefined ? reference !== undefined && dues?.get(`reference ${reference}`) : dues?.get(id);
    if (id !== undefined && !known) refuse('due_id', 'UNKNOWN_DUE', 'The customer has no due with this id.');
    if (known) {
      mustBeAsWritten(known, { ...written, amountMinor });
      return { id: known.id, outcome: 'known' };
    }
    const dueDate = written.dueDate ?? this.#dateByTerm(written, person);
    const due = { id: newId(), customerId: person.id, amountMinor, currency, dueDate, reference, description };
    if (reference !== undefined) return { added: { ...due, importKey: undefined }, seen: undefined };
    const content = [dueDate, amountMinor, description ?? ''].join('|');
    const seen = `${person.id}|${content}`;
    const ordinal = 1 + this.seenBefore.countOf(seen) + this.#seen.filter((text) => text === seen).length;
    const importKey = `${ordinal}|${content}`;
    const added = dues?.get(`key ${importKey}`);
    if (!added) return { added: { ...due, importKey }, seen };
    this.#seen.push(seen);
    return { id: added.id, outcome: 'known' };
  }

  /** Without a reference it would be another due each day. */
  #dateByTerm({ reference }: WrittenDue, { books }: KnownPerson): CalendarDate {
    const own = books!.paymentTermId;
    const term = this.merchant.terms.find(({ id, isDefault }) => (own === undefined ? isDefault : id === own));
    if (reference === undefined || term?.dueInDays === undefined)
      return refuse(
        'due_date',
        'DUE_DATE_REQUIRED',
        'Give a due_date; only a due with a due_reference may take it from the payment term.',
      );
    return addDays(localDate(this.now, books!.timezone ?? this.merchant.timezone), term.dueInDays);
  }

  #addDue(due: DueToImport, seen: string | undefined): void {
    this.#newDues.push(due);
    this.#changed.add(due.customerId);
    if (seen !== undefined) this.#seen.push(seen);
    this.#putDue(due);
  }

  #find(id: string | undefined): KnownPerson | undefined {
    return id === undefined ? undefined : this.#people.get(id);
  }

  #put(person: KnownPerson): void {
    const before = this.#people.get(person.id);
    for (const phone of before?.phones ?? []) if (this.#byPhone.get(phone) === person.id) this.#byPhone.delete(phone);
    this.#people.set(person.id, person);
    for (const phone of person.phones) {
      const holder = this.#find(this.#byPhone.get(phone));
      // The number of a mere contact goes to the customer who is said to have it.
      if (holder && holder.id !== person.id) {
        this.#changed.add(holder.id);
        this.#people.set(holder.id, { ...holder, phones: holder.phones.filter((own) => own !== phone) });
      }
      this.#byPhone.set(phone, person.id);
    }
    if (person.books?.reference !== undefined) this.#byReference.set(person.books.reference, person.id);
    if (before?.books?.reference !== undefined && before.books.reference !== person.books?.reference)
      this.#byReference.delete(before.books.reference);
  }

  #putDue(due: KnownDue): void {
    const own = this.#dues.get(due.customerId) ?? new Map<string, KnownDue>();
    this.#dues.set(due.customerId, own);
    if (own.has(due.id)) return;
    own.set(due.id, due);
    if (due.reference !== undefined) own.set(`reference ${due.reference}`, due);
    if (due.importKey !== undefined) own.set(`key ${due.importKey}`, due);
  }
}

function sameAs(a: KnownPerson, b: KnownPerson): boolean {
  const { books: own } = a;
  const { books: other } = b;
  return (
    a.name === b.name &&
    a.phones.join() === b.phones.join() &&
    own?.reference === other?.reference &&
    own?.language === other?.language &&
    own?.timezone === other?.timezone &&
    own?.paymentTermId === other?.paymentTermId &&
    own !== undefined &&
    own.isArchived === other?.isArchived
  );
}
