import type { CalendarDate } from '../../../../kernel/local-time.js';

/** What was said about a due; undefined: as before, null: nothing (any more). */
export interface DueNote {
  readonly commitmentStatus?: string | null | undefined;
  readonly expectedPaymentDate?: CalendarDate | null | undefined;
  readonly pausedUntil?: Date | null | undefined;
}

/** What stands on dues beside the money (S0.64, S0.76, S0.94); written behind the lock of the books. */
export abstract class DueNotes {
  abstract write(dueId: string, note: DueNote): Promise<void>;
  /** The customer's latest answer; an earlier one that comes late does not take its place. */
  abstract writeAnswer(customerId: string, feedback: string, at: Date): Promise<void>;
}
