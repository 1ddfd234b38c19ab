import type { Scope } from '../../kernel/access.js';

/** What the inbox shows as it happens. */
export const INBOX_EVENT_NAMES = [
  'whatsapp-new-message',
  'whatsapp-message-status',
  'whatsapp-conversation-update',
  'whatsapp-message-echo',
  'notification',
] as const;

/** What a merchant's other systems wait for, and the scope that one needs to hear of it. */
const SCOPE_OF_BUSINESS_EVENT = {
  'due.added': 'ledger:read',
  'due.changed': 'ledger:read',
  'due.paid': 'ledger:read',
  'due.written-off': 'ledger:read',
  'payment.recorded': 'ledger:read',
  'payment.reversed': 'ledger:read',
  'payment.claimed': 'reminders:read',
  'promise.made': 'reminders:read',
  'promise.kept': 'reminders:read',
  'promise.broken': 'reminders:read',
  'promise.withdrawn': 'reminders:read',
  'reminder.sent': 'reminders:read',
  'reminder.failed': 'reminders:read',
  'customer.opted-out': 'customers:read',
  'customer.opted-in': 'customers:read',
  'customer.merged': 'customers:read',
  'template.changed': 'whatsapp:read',
  'template.recategorised': 'whatsapp:read',
  'account.connected': 'whatsapp:read',
  'account.disconnected': 'whatsapp:read',
  'account.credential-refused': 'whatsapp:read',
  'account.credential-replaced': 'whatsapp:read',
  'account.stopped': 'whatsapp:read',
  'account.reinstated': 'whatsapp:read',
  'phone-number.paused': 'whatsapp:read',
  'phone-number.resumed': 'whatsapp:read',
} as const satisfies Readonly<Record<string, Scope>>;

export type BusinessEventName = keyof typeof SCOPE_OF_BUSINESS_EVENT;
export type TenantEventName = (typeof INBOX_EVENT_NAMES)[number] | BusinessEventName;

export const BUSINESS_EVENT_NAMES = Object.keys(SCOPE_OF_BUSINESS_EVENT) as readonly BusinessEventName[];

/** Names of what sockets, webhooks and the event log tell (contract 5, S1.20, D18); stored, and part of the public surface. */
export const TENANT_EVENT_NAMES: readonly TenantEventName[] = [...INBOX_EVENT_NAMES, ...BUSINESS_EVENT_NAMES];

/** Events that somebody with these scopes hears nothing of; the inbox's own are a matter of who sees the conversation. */
export function withheldFrom(scopes: ReadonlySet<Scope>): ReadonlySet<TenantEventName> {
  return new Set(BUSINESS_EVENT_NAMES.filter((name) => !scopes.has(SCOPE_OF_BUSINESS_EVENT[name])));
}
