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
  'reminders.payment-claimed': 'payment.claimed',
  'reminders.promise-made': 'promise.made',
  'reminders.promise-kept': 'promise.kept',
  'reminders.promise-broken': 'promise.broken',
  'reminders.promise-withdrawn': 'promise.withdrawn',
};

/** Writes into the tenant's event log what other modules say of dues, payments, promises and consent (D18). */
@Injectable()
@ReactsTo(Object.keys(NAMES))
export class AnnounceBusinessEvents extends Reaction {
  constructor(private readonly events: TenantEvents) {
    super();
  }

  async on({ type, occurredAt, payload }: DeliveredEvent): Promise<void> {
    const name =
      type === 'customers.due-settled' && payload['how'] === 'WRITTEN_OFF' ? 'due.written-off' : NAMES[type]!;
    await this.events.append([{ name, payload: { ...worded(payload), at: occurredAt } }]);
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
