import { listIn, objectIn, textIn, type JsonObject } from '../inbound/webhook-json.js';
import type { ChangeReader } from './meta-change-values.js';

type Severity = 'info' | 'warning' | 'danger';

/** After these the account cannot work as before, or not at all. */
const DANGERS = new Set([
  'ACCOUNT_DELETED',
  'ACCOUNT_OFFBOARDED',
  'ACCOUNT_RESTRICTION',
  'DISABLED_UPDATE',
  'PARTNER_APP_UNINSTALLED',
  'PARTNER_REMOVED',
]);
const WARNINGS = new Set(['ACCOUNT_VIOLATION']);

export const readAccountUpdate: ChangeReader = (value) => {
  const event = textIn(value['event']) ?? 'ACCOUNT_UPDATE';
  return [{ kind: 'account', event, severity: severityOf(event, value), detail: value }];
};

function severityOf(event: string, value: JsonObject): Severity {
  const ban = objectIn(value['ban_info'])['waba_ban_state'];
  if (event === 'DISABLED_UPDATE' && (ban === 'REINSTATE' || listIn(ban)[0] === 'REINSTATE')) return 'info';
  return DANGERS.has(event) ? 'danger' : WARNINGS.has(event) ? 'warning' : 'info';
}

export const readAccountReview: ChangeReader = (value) => {
  const decision = textIn(value['decision']) ?? 'UNKNOWN';
  return [
    {
      kind: 'account',
      event: `ACCOUNT_REVIEW_${decision.toUpperCase()}`,
      severity: decision === 'REJECTED' ? 'danger' : 'info',
      detail: value,
    },
  ];
};

const ALERTS: Readonly<Record<string, Severity>> = { CRITICAL: 'danger', WARNING: 'warning' };

export const readAccountAlert: ChangeReader = (value) => {
  const alert = objectIn(value['alert_info']);
  return [
    {
      kind: 'account',
      event: textIn(alert['alert_type']) ?? 'ACCOUNT_ALERT',
      severity: ALERTS[textIn(alert['alert_severity']) ?? ''] ?? 'info',
      detail: value,
    },
  ];
};

/** Somebody wants to remove a number's second factor: whoever did not ask for it must know. */
export const readSecurity: ChangeReader = (value) => {
  const event = textIn(value['event']) ?? 'SECURITY';
  return [{ kind: 'account', event, severity: event === 'PIN_RESET_REQUEST' ? 'warning' : 'info', detail: value }];
};

/** Something about the account that is worth telling and changes nothing here. */
export function readInfo(event: string): ChangeReader {
  return (value) => [{ kind: 'account', event, severity: 'info', detail: value }];
}
