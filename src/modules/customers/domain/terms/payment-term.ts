import { DomainError } from '../../../../kernel/domain-error.js';
import type { LocalTime } from '../../../../kernel/local-time.js';

/** When a customer is reminded of a due (S0.19-S0.22, C23, C25). */
export interface ReminderTerm {
  /** Days before the due date, descending; 0 is the due date itself. */
  readonly reminderOffsets: readonly number[];
  /** Days after the due date, ascending. */
  readonly overdueSteps: readonly number[];
  /** By the customer's clock. */
  readonly sendAt: LocalTime;
}

/** The house's term, where neither the due nor the customer nor the merchant names one. */
export const DEFAULT_TERM: ReminderTerm = { reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00' };

export class InvalidPaymentTerm extends DomainError {
  readonly code = 'INVALID_PAYMENT_TERM';
  readonly kind = 'meaning';
}

/** In the order in which a term keeps them. @throws InvalidPaymentTerm when a day stands twice */
export function orderedTerm({ reminderOffsets, overdueSteps, sendAt }: ReminderTerm): ReminderTerm {
  for (const days of [reminderOffsets, overdueSteps])
    if (new Set(days).size < days.length) throw new InvalidPaymentTerm('A day stands twice in the payment term.');
  return {
    reminderOffsets: reminderOffsets.toSorted((a, b) => b - a),
    overdueSteps: overdueSteps.toSorted((a, b) => a - b),
    sendAt,
  };
}
