import type { ReminderTerm } from '../../domain/terms/payment-term.js';

/** When customers are reminded, as callers see it. */
export interface PaymentTermView extends ReminderTerm {
  readonly id: string;
  readonly name: string;
  /** Days from the adding of a due to its date, where none is given. */
  readonly dueInDays: number | null;
  /** The term of customers who have none of their own. */
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

/** $1 is the tenant. Conditions follow. */
export const PAYMENT_TERM_ROWS = `
  select id, name, due_in_days as "dueInDays", reminder_offsets as "reminderOffsets", overdue_steps as "overdueSteps", send_at as "sendAt",
    is_default as "isDefault", created_at as "createdAt", archived_at as "archivedAt"
  from payment_term where tenant_id = $1::uuid`;
