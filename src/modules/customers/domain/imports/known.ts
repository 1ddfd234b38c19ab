import type { CalendarDate } from '../../../../kernel/local-time.js';
import type { Refusal } from './refusal.js';

/** A contact that a row may be about. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string | undefined;
  /** +E.164 */
  readonly phones: readonly string[];
  /** undefined: no books are kept on this contact. */
  readonly books: KnownBooks | undefined;
}

export interface KnownBooks {
  readonly reference: string | undefined;
  readonly language: string | undefined;
  readonly timezone: string | undefined;
  readonly paymentTermId: string | undefined;
  readonly currency: string;
  readonly isArchived: boolean;
}

export interface KnownDue {
  readonly id: string;
  readonly customerId: string;
  readonly amountMinor: number;
  readonly dueDate: CalendarDate;
  readonly reference: string | undefined;
  readonly description: string | undefined;
  /** Of one that an import added without a reference. */
  readonly importKey: string | undefined;
}

export interface KnownTerm {
  readonly id: string;
  readonly name: string;
  readonly dueInDays: number | undefined;
  readonly isDefault: boolean;
  readonly isArchived: boolean;
}

/** The merchant as far as rows depend on it. */
export interface Merchant {
  readonly country: string;
  readonly currency: string;
  readonly timezone: string;
  readonly terms: readonly KnownTerm[];
}

/** How often a due without a reference stood in the file before. */
export interface SeenBefore {
  countOf(text: string): number;
}

export interface DueToImport {
  readonly id: string;
  readonly customerId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly dueDate: CalendarDate;
  readonly reference: string | undefined;
  readonly description: string | undefined;
  readonly importKey: string | undefined;
}

export type RowOutcome =
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | {
      /** Of the customer, or of what they owe. */
      readonly outcome: 'created' | 'updated' | 'unchanged';
      readonly customerId: string;
      readonly due: { readonly id: string; readonly outcome: 'added' | 'known' } | undefined;
    };

/** What is to be written, so that the books hold what the rows said. */
export interface ImportChanges {
  readonly newPeople: readonly KnownPerson[];
  readonly changed: readonly { readonly before: KnownPerson; readonly after: KnownPerson }[];
  readonly dues: readonly DueToImport[];
  /** Texts of `SeenBefore` that these rows add. */
  readonly seen: readonly string[];
}
