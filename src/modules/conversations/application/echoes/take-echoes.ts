import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import {
  ChangeConsumer,
  type ChangeSource,
  ConsumesChanges,
  KeepMediaOfMessage,
  PhoneMessages,
  type ProviderChange,
} from '../../../messaging/index.js';
import { InboxSettings } from '../../../tenants/index.js';
import { botPauseOf, type Silence } from '../../domain/silence.js';
import { InboxEvents } from '../inbox-events.js';
import { previewOfInbound } from '../preview.js';
import { Threads } from '../threads.js';
import { PlaceOfCustomer } from './place-of-customer.js';

type Echo = Extract<ProviderChange, { kind: 'echo' }>;
type Revoked = Extract<ProviderChange, { kind: 'echo-revoked' }>;

const MINUTE = 60_000;

/**
 * The merchant answered from the phone (F12): it counts as what we sent, stands in the conversation, opens no window, and keeps the bot
 * silent for a while, because a person is speaking. Told again, it changes nothing.
 */
@Injectable()
@ConsumesChanges(['echo', 'echo-revoked'])
export class TakeEchoes extends ChangeConsumer {
  constructor(
    private readonly place: PlaceOfCustomer,
    private readonly threads: Threads,
    private readonly messages: PhoneMessages,
    private readonly media: KeepMediaOfMessage,
    private readonly events: InboxEvents,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {
    super();
  }

  async consume(change: ProviderChange, { phoneNumberId }: ChangeSource): Promise<void> {
    if (phoneNumberId === undefined) return;
    if (change.kind === 'echo') await this.#take(change, phoneNumberId);
    if (change.kind === 'echo-revoked') await this.#revoke(change, phoneNumberId);
  }

  async #take({ wamid, to, sentAt, body, contextWamid }: Echo, phoneNumberId: string): Promise<void> {
    const contactId = await this.place.contactOf(to, sentAt);
    const preview = previewOfInbound(body);
    if (await this.messages.find(phoneNumberId, wamid)) return;
    const threadId = (await this.threads.open(phoneNumberId, [{ contactId, preview }], sentAt)).get(contactId)!;
    const now = this.clock.now();
    await this.threads.recordSent(threadId, { preview, at: sentAt, byPerson: true });
    // The provider's clock may be ahead of ours.
    const silence = await this.#silence(threadId, sentAt < now ? sentAt : now);
    const messageId = await this.messages.store({
      phoneNumberId,
      wamid,
      origin: 'app',
      direction: 'OUTBOUND',
      customer: to,
      threadId,
      sentAt,
      body,
      contextWamid,
      status: 'sent',
    });
    await this.media.keep({ messageId, threadId, phoneNumberId, body });
    const type = body.type === 'media' ? body.kind : body.type;
    await this.events.echoes([
      {
        threadId,
        phoneNumberId,
        messageId,
        direction: 'OUTBOUND',
        type,
        preview,
        content: body,
        at: sentAt,
        wamid,
        contextWamid: contextWamid ?? null,
        contactId,
        unreadIncrement: 0,
      },
    ]);
    await this.events.conversationsChanged([
      { threadId, phoneNumberId, changed: { unreadCount: 0, ...(silence && botPauseOf(silence, now)) } },
    ]);
  }

  /** From when it was written: what is told late may be over. */
  async #silence(threadId: string, at: Date): Promise<Silence | undefined> {
    const { botPauseMinutes } = await this.queries.execute(new InboxSettings());
    if (botPauseMinutes === 0) return undefined;
    return this.threads.silence(threadId, {
      why: 'person',
      at,
      until: new Date(at.getTime() + botPauseMinutes * MINUTE),
    });
  }

  async #revoke({ wamid, revokedAt }: Revoked, phoneNumberId: string): Promise<void> {
    const known = await this.messages.find(phoneNumberId, wamid);
    if (!known) return;
    await this.messages.markRevoked(known.messageId, revokedAt);
    if (known.threadId === null) return;
    const { messageId, threadId } = known;
    await this.events.statuses([{ threadId, phoneNumberId, messageId, wamid, status: 'revoked' }]);
  }
}
