import { Injectable } from '@nestjs/common';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import type { BusinessEventName } from '../../../../platform/realtime/tenant-event-names.js';
import { TenantEvents } from '../../../../platform/realtime/tenant-events.js';

type Payload = Readonly<Record<string, unknown>>;

/** What the house calls an event, and what the log calls it; a due that is settled was paid or written off. */
const NAMES: Readonly<Record<string, BusinessEventName>> = {
  'customers.due-added': 'due.added',
  'customers.due-changed': 'due.changed',
  'customers.due-settled': 'due.paid',
  'customers.payment-recorded': 'payment.recorded',
  'customers.payment-reversed': 'payment.reversed',
  'customers.customer-opted-out': 'customer.opted-out',
  'customers.customer-opted-in': 'customer.opted-in',
  'customers.contacts-merged': 'customer.merged',
  'reminders.payment-claimed': 'payment.claimed',
  'reminders.promise-made': 'promise.made',
  'reminders.promise-kept': 'promise.kept',
  'reminders.promise-broken': 'promise.broken',
  'reminders.promise-withdrawn': 'promise.withdrawn',
  'messaging.template-changed': 'template.changed',
  'messaging.template-recategorised': 'template.recategorised',
  'messaging.account-connected': 'account.connected',
  'messaging.account-disconnected': 'account.disconnected',
  'messaging.credential-refused': 'account.credential-refused',
  'messaging.credential-replaced': 'account.credential-replaced',
  'messaging.account-stopped': 'account.stopped',
  'messaging.account-reinstated': 'account.reinstated',
  'messaging.phone-number-paused': 'phone-number.paused',
  'messaging.phone-number-resumed': 'phone-number.resumed',
};

/** What is named by its event alone, and not in what the event says. */
function subjectOf({ type, aggregateId }: DeliveredEvent): Payload {
  if (type.startsWith('messaging.template-')) return { templateId: aggregateId };
  if (type.startsWith('messaging.')) return { accountId: aggregateId };
  return type === 'customers.contacts-merged' ? { customerId: aggregateId } : {};
}

/** Writes into the tenant's event log what other modules say of dues, payments, promises, consent, templates and accounts (D18). */
@Injectable()
@ReactsTo(Object.keys(NAMES))
export class AnnounceBusinessEvents extends Reaction {
  constructor(private readonly events: TenantEvents) {
    super();
  }

  async on(event: DeliveredEvent): Promise<void> {
    const { type, occurredAt, payload } = event;
    const name =
      type === 'customers.due-settled' && payload['how'] === 'WRITTEN_OFF' ? 'due.written-off' : NAMES[type]!;
    await this.events.append([{ name, payload: { ...subjectOf(event), ...worded(payload), at: occurredAt } }]);
  }
}

/** Money as the whole API writes it; `how` stands in the name. */
function worded({ how: _, amountMinor, paidMinor, currency, allocations, ...rest }: Payload): Payload {
  const money = (minor: unknown): Payload => ({ amountMinor: minor, currency });
  return {
    ...rest,
    ...(amountMinor !== undefined && { amount: money(amountMinor) }),
    ...(paidMinor !== undefined && { paid: money(paidMinor) }),
    ...(Array.isArray(allocations) && {
      allocations: (allocations as Payload[]).map(({ amountMinor: minor, ...allocation }) => ({
        ...allocation,
        amount: money(minor),
      })),
    }),
  };
}
