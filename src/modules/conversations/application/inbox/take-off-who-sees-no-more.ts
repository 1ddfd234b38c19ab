import { Injectable } from '@nestjs/common';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { InboxEvents } from '../inbox-events.js';
import { InboxThreads, type TakenOff } from './inbox-threads.js';

/** A conversation is nobody's who cannot see it: who was disabled, has another role or other areas, or whose number moved to another area (S1.98). */
@Injectable()
@ReactsTo([
  'tenants.user-disabled',
  'tenants.user-role-changed',
  'tenants.user-areas-changed',
  'messaging.phone-number-area-changed',
])
export class TakeOffWhoSeesNoMore extends Reaction {
  constructor(
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {
    super();
  }

  async on({ aggregateId, payload: { phoneNumberId } }: DeliveredEvent): Promise<void> {
    const sight = typeof phoneNumberId === 'string' ? { phoneNumberId } : { userId: aggregateId };
    for (;;) {
      const taken = await this.threads.takeOffUnseen(sight);
      if (taken.length === 0) return;
      await this.#tell(taken);
    }
  }

  async #tell(taken: readonly TakenOff[]): Promise<void> {
    const threads = new Map(taken.map((one) => [one.threadId, one]));
    const now = await this.threads.peopleOf([...threads.keys()]);
    await this.events.conversationsChanged(
      now.map(({ threadId, assigneeId, participantIds }) => ({
        threadId,
        phoneNumberId: threads.get(threadId)!.phoneNumberId,
        changed: { assigneeId, participantIds },
      })),
    );
    for (const one of taken) await this.events.conversationLeft(one, [one.userId]);
  }
}
