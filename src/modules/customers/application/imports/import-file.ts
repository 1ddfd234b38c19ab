import type { Cells } from '../../domain/imports/columns.js';
import type { Refusal } from '../../domain/imports/refusal.js';

/** A row as it stands in a file; one that cannot be taken apart says why. */
export type FileRow = { readonly line: number } & ({ readonly cells: Cells } | { readonly refusal: Refusal });

/** What became of a row. */
export interface RowResult {
  /** Of the file, 1 is the header; of a row that is several lines the last. */
  readonly line: number;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'refused';
  /** Null in a preview, and of a refused row. */
  readonly customerId: string | null;
  readonly dueId: string | null;
  /** Whether the row's due is new; null where the row has none. */
  readonly due: 'added' | 'known' | null;
  /** Why it was refused. */
  readonly code?: string;
  readonly message?: string;
  readonly column?: string | null;
}

/** Each row is one of the four. */
export interface ImportCounts {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly duesAdded: number;
}
