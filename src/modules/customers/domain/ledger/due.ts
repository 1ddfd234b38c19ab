import type { CalendarDate } from '../../../../kernel/local-time.js';

export type DueStatus = 'PENDING' | 'PARTIAL' | 'PAID' | 'OVERDUE' | 'WRITTEN_OFF';
export const DUE_STATUSES: readonly DueStatus[] = ['PENDING', 'PARTIAL', 'PAID', 'OVERDUE', 'WRITTEN_OFF'];

/** The money of a due, in minor units. */
export interface DueAmounts {
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly writtenOffMinor: number;
}

/** What is left to be paid. */
export function outstandingMinor({ amountMinor, paidMinor, writtenOffMinor }: DueAmounts): number {
  return amountMinor - paidMinor - writtenOffMinor;
}

/** How a due ended of which nothing is left: forgiven in part is forgiven. */
export function settledAs({ writtenOffMinor }: Pick<DueAmounts, 'writtenOffMinor'>): 'PAID' | 'WRITTEN_OFF' {
  return writtenOffMinor > 0 ? 'WRITTEN_OFF' : 'PAID';
}

/** What a due is called on a day of its customer's (S0.94). @param due open where `settledAt` is missing */
export function statusOn(
  today: CalendarDate,
  due: DueAmounts & { readonly dueDate: CalendarDate; readonly settledAt: Date | null | undefined },
): DueStatus {
  if (due.settledAt) return settledAs(due);
  if (due.dueDate < today) return 'OVERDUE';
  return due.paidMinor > 0 ? 'PARTIAL' : 'PENDING';
}
