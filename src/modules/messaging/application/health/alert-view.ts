import type { AlertSeverity } from './account-alerts.js';

/** Something that the merchant must know; open until somebody acknowledges it. */
export interface AlertView {
  readonly id: string;
  readonly code: string;
  readonly severity: AlertSeverity;
  readonly accountId: string | null;
  readonly phoneNumberId: string | null;
  /** A template's `name/language`, for example. */
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** When it was raised last. */
  readonly at: Date;
  readonly acknowledgedAt: Date | null;
  /** `user:<id>`, `api-key:<id>` or `platform`. */
  readonly acknowledgedBy: string | null;
}

export interface AlertRow {
  readonly id: string;
  readonly code: string;
  readonly severity: AlertSeverity;
  readonly account_id: string | null;
  readonly phone_number_id: string | null;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
}

export const ALERT_COLUMNS =
  'alert.id, alert.code, alert.severity, alert.account_id, alert.phone_number_id, alert.subject, alert.detail, alert.at, alert.acknowledged_at, alert.acknowledged_by';

export function toAlertView(row: AlertRow): AlertView {
  const { id, code, severity, subject, detail, at } = row;
  return {
    id,
    code,
    severity,
    accountId: row.account_id,
    phoneNumberId: row.phone_number_id,
    subject: subject === '' ? null : subject,
    detail,
    at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
  };
}
