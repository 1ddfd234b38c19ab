import type { ImportRow } from '../../domain/imports/import-row.js';
import type { KnownDue, KnownPerson, Merchant } from '../../domain/imports/known.js';

/** What the books hold of those whom rows are about; set-based, for some hundred rows at once. */
export abstract class ImportRecords {
  abstract merchant(): Promise<Merchant>;
  /** Locks phone numbers, known or not, and then the books that the rows name, until the transaction ends. */
  abstract lock(rows: readonly ImportRow[]): Promise<void>;
  abstract people(rows: readonly ImportRow[]): Promise<readonly KnownPerson[]>;
  /** Those that the rows may mean. */
  abstract dues(rows: readonly ImportRow[], customerIds: readonly string[]): Promise<readonly KnownDue[]>;
  /** People, and books on them: theirs, and those of contacts without books until now. */
  abstract add(newPeople: readonly KnownPerson[], newBooks: readonly KnownPerson[]): Promise<void>;
  /** All but phones. */
  abstract change(people: readonly KnownPerson[]): Promise<void>;
  abstract openDueIds(customerIds: readonly string[]): Promise<readonly string[]>;
  /** Notes by which row dues were added. */
  abstract noteKeys(keys: readonly { readonly dueId: string; readonly importKey: string }[]): Promise<void>;
}
