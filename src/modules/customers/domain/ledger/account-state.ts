import type { CalendarDate } from '../../../../kernel/local-time.js';
import type { Money } from '../../../../kernel/money.js';
import type { DueAmounts } from './due.js';

export interface DueState extends DueAmounts {
  readonly id: string;
  readonly dueDate: CalendarDate;
  readonly description: string | undefined;
  readonly reference: string | undefined;
  /** Of the due itself; undefined: the customer's. */
  readonly paymentTermId: string | undefined;
  /** When nothing was left of it; undefined: it is open. */
  readonly settledAt: Date | undefined;
}

export interface AccountState {
  readonly customerId: string;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly creditMinor: number;
  readonly isArchived: boolean;
  /** All open dues, and those settled ones that the command names; by due date. */
  readonly dues: readonly DueState[];
  /** Payments that are not allocated to the last, oldest first; their rests are the credit. */
  readonly unspent: readonly { readonly paymentId: string; readonly restMinor: number }[];
}

/** A line that is to be appended to the account. */
export interface NewEntry {
  readonly id: string;
  readonly type: 'DUE_ADDED' | 'PAYMENT' | 'WRITE_OFF' | 'CORRECTION';
  readonly amountMinor: number;
  readonly balanceAfterMinor: number;
  readonly dueId?: string | undefined;
  readonly method?: string | undefined;
  readonly reference?: string | undefined;
  readonly description?: string | undefined;
  /** Of a CORRECTION: the payment that it takes back. */
  readonly reversesId?: string | undefined;
  readonly occurredAt: Date;
}

export interface Allocation {
  readonly dueId: string;
  readonly amountMinor: number;
}

export interface NewDue {
  readonly id: string;
  readonly amount: Money;
  readonly dueDate: CalendarDate;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
  readonly paymentTermId?: string | undefined;
}

/** What may become different about a due; null: nothing from here on. */
export interface DueChanges {
  readonly amount?: Money | undefined;
  readonly dueDate?: CalendarDate | undefined;
  readonly description?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly paymentTermId?: string | null | undefined;
}

export interface NewPayment {
  readonly id: string;
  readonly amount: Money;
  /** The due that it is for; what is left over goes to the oldest. */
  readonly towards?: string | undefined;
  readonly method?: string | undefined;
  readonly reference?: string | undefined;
  readonly occurredAt: Date;
}

export interface RecordedPayment {
  readonly id: string;
  readonly amountMinor: number;
  /** What of it was allocated, by due. */
  readonly allocations: readonly Allocation[];
  readonly isReversed: boolean;
}

/** What a command did and the repository has still to write. */
export interface AccountChanges {
  readonly entries: readonly NewEntry[];
  readonly added: readonly DueState[];
  readonly changed: readonly DueState[];
  readonly allocations: readonly (Allocation & { readonly entryId: string })[];
}
