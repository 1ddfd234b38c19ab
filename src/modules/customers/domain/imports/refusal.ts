import type { Column } from './columns.js';

/** Why a row was not imported. */
export interface Refusal {
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** Which value is in the way; null: the row as a whole. */
  readonly column: Column | null;
}

/** Carries a refusal to whoever reads the row. */
export class RowRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

export function refuse(column: Column | null, code: string, message: string): never {
  throw new RowRefused({ code, message, column });
}
