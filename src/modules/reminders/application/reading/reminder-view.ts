import type { ReminderKind, ReminderStage, ReminderStatus } from '../../domain/assessment.js';

/** A reminder as callers see it (S0.25, S0.34). */
export interface ReminderView {
  readonly id: string;
  readonly customerId: string;
  /** Null for kinds other than PAYMENT_DUE. */
  readonly dueId: string | null;
  readonly kind: ReminderKind;
  /** The stage of a reminder to pay (S0.95). */
  readonly type: ReminderStage | null;
  /** Whole days between the due date and the day that it is meant for, either way. */
  readonly step: number;
  readonly status: ReminderStatus;
  /** Why it waits, or why it ended unsent: a gate, REPLANNED or CANCELLED_BY_USER. */
  readonly reason: string | null;
  readonly source: 'auto' | 'manual';
  readonly message: string | null;
  readonly scheduledFor: Date;
  /** What was planned at first. */
  readonly plannedFor: Date;
  readonly sentAt: Date | null;
  readonly attempts: number;
  readonly lastError: string | null;
  /** As it was handed over or sent; null before. */
  readonly template: {
    readonly name: string;
    readonly language: string;
    readonly variables: Readonly<Record<string, string>>;
  } | null;
  /** The message that carries it; `GET /v1/messages/{messageId}` tells its statuses. */
  readonly messageId: string | null;
  readonly createdAt: Date;
}

/** The columns of a `ReminderView` of `reminder r`. */
export const REMINDER_COLUMNS = `r.id, r.customer_id as "customerId", r.due_id as "dueId", r.kind, r.stage as type, r.step, r.status, r.reason,
  r.source, r.message, r.scheduled_for as "scheduledFor", r.planned_for as "plannedFor", r.sent_at as "sentAt", r.attempts,
  r.last_error as "lastError", r.message_id as "messageId", r.created_at as "createdAt",
  case when r.template_name is not null then jsonb_build_object('name', r.template_name, 'language', r.template_language,
    'variables', coalesce(r.template_variables, '{}'::jsonb)) end as template`;
