import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { ChangeConsumer, type ChangeSource, ConsumesChanges, type ProviderChange } from '../../../messaging/index.js';
import { type CallEvent, isMissed, summaryOf, withEvent } from '../../domain/calls/call.js';
import { InboxEvents } from '../inbox-events.js';
import { Calls } from './calls.js';
import { PhoneThreads } from './phone-threads.js';
import { PlaceOfCustomer } from './place-of-customer.js';

type ToldCall = Extract<ProviderChange, { kind: 'call' }>;

/** Calls either way (S1.85): kept with every word about them, shown in the customer's conversation, told to those who hear of it. */
@Injectable()
@ConsumesChanges(['call'])
export class TakeCalls extends ChangeConsumer {
  constructor(
    private readonly place: PlaceOfCustomer,
    private readonly threads: PhoneThreads,
    private readonly calls: Calls,
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  async consume(change: ProviderChange, { phoneNumberId }: ChangeSource): Promise<void> {
    if (change.kind !== 'call' || phoneNumberId === undefined) return;
    const known = await this.calls.find(change.callId);
    const events = withEvent(known?.events ?? [], eventOf(change));
    if (known && events === known.events) return;
    const summary = summaryOf(events);
    const threadId = known?.threadId ?? (await this.#threadOf(change, phoneNumberId));
    const direction = known?.direction ?? change.direction;
    const { customer, callId } = change;
    await this.calls.save({
      callId,
      phoneNumberId,
      threadId,
      direction,
      addressKind: customer.waId === undefined ? 'bsuid' : 'phone',
      address: customer.waId ?? customer.userId ?? '',
      ...summary,
      events,
      updatedAt: this.clock.now(),
    });
    if (known?.state === summary.state) return;
    const { state, durationS } = summary;
    const missed = isMissed(direction, summary);
    await this.events.notify([
      { kind: 'call', threadId, phoneNumberId, details: { callId, direction, state, durationS, missed } },
    ]);
  }

  async #threadOf({ customer, direction, at }: ToldCall, phoneNumberId: string): Promise<string> {
    const contactId = await this.place.contactOf(customer, at);
    const { threadId, isNew } = await this.threads.place({
      phoneNumberId,
      contactId,
      direction,
      at,
      preview: '[call]',
      opensWindowAt: undefined,
    });
    const changed = isNew ? { created: true as const } : { lastMessagePreview: '[call]' };
    await this.events.conversationsChanged([{ threadId, phoneNumberId, changed }]);
    return threadId;
  }
}

function eventOf({ state, at, outcome, startedAt, endedAt, durationS }: ToldCall): CallEvent {
  return {
    state,
    at: at.toISOString(),
    ...(outcome !== undefined && { outcome }),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(durationS !== undefined && { durationS }),
  };
}
