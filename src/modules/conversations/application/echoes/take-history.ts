import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import {
  ChangeConsumer,
  type ChangeSource,
  ConsumesChanges,
  KeepMediaOfMessage,
  MEDIA_PLACEHOLDER,
  PhoneMessages,
  type ProviderChange,
} from '../../../messaging/index.js';
import { serviceWindow } from '../../domain/service-window.js';
import { InboxEvents } from '../inbox-events.js';
import { previewOfInbound } from '../preview.js';
import { HistorySyncs } from './history-progress.js';
import { PhoneThreads } from './phone-threads.js';
import { PlaceOfCustomer } from './place-of-customer.js';

type FromHistory = Extract<ProviderChange, { kind: 'history-message' }>;

/**
 * What was said before a number was connected (F12): it stands in its conversations before all that came since, is nothing to read, is
 * answered by nobody, and opens the 24 h window only where the customer wrote within it.
 */
@Injectable()
@ConsumesChanges(['history-message', 'history-progress'])
export class TakeHistory extends ChangeConsumer {
  constructor(
    private readonly place: PlaceOfCustomer,
    private readonly threads: PhoneThreads,
    private readonly messages: PhoneMessages,
    private readonly syncs: HistorySyncs,
    private readonly media: KeepMediaOfMessage,
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  async consume(change: ProviderChange, { phoneNumberId }: ChangeSource): Promise<void> {
    if (phoneNumberId === undefined) return;
    if (change.kind === 'history-message') await this.#take(change, phoneNumberId);
    if (change.kind === 'history-progress')
      await (change.refusal
        ? this.syncs.refuse(phoneNumberId, change.refusal)
        : this.syncs.advance(phoneNumberId, change.phase, change.progress));
  }

  async #take(message: FromHistory, phoneNumberId: string): Promise<void> {
    const { wamid, direction, customer, sentAt, body, contextWamid, status } = message;
    const known = await this.messages.find(phoneNumberId, wamid);
    if (known) {
      if (body.type === 'other' && body.providerType === MEDIA_PLACEHOLDER) return;
      // Its file comes after it, in a webhook of its own.
      if (await this.messages.complete(known.messageId, body))
        await this.media.keep({
          messageId: known.messageId,
          threadId: known.threadId ?? undefined,
          phoneNumberId,
          body,
        });
      return;
    }
    const contactId = await this.place.contactOf(customer, sentAt);
    const isRecent = direction === 'INBOUND' && serviceWindow({ lastInboundAt: sentAt }, this.clock.now()).isOpen;
    const { threadId, isNew } = await this.threads.place({
      phoneNumberId,
      contactId,
      direction,
      at: sentAt,
      preview: previewOfInbound(body),
      opensWindowAt: isRecent ? sentAt : undefined,
    });
    const messageId = await this.messages.store({
      phoneNumberId,
      wamid,
      origin: 'history',
      direction,
      customer,
      threadId,
      sentAt,
      body,
      contextWamid,
      status,
    });
    await this.media.keep({ messageId, threadId, phoneNumberId, body });
    await this.syncs.count(phoneNumberId, 1);
    if (isNew) await this.events.conversationsChanged([{ threadId, phoneNumberId, changed: { created: true } }]);
  }
}
