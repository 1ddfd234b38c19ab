import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../platform/lanes/lanes.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { FindContact, RecordNumberChange, ResolveContact, type ResolvedContact } from '../../customers/index.js';
import {
  ConsumesInbound,
  InboundConsumer,
  type InboundMessage,
  ReadReceipts,
  type SenderIdentity,
} from '../../messaging/index.js';
import { InboxSettings } from '../../tenants/index.js';
import { firstAlertAt } from '../domain/notifications/window-alert.js';
import { Answers } from './answers.js';
import { InboxEvents, type Sender } from './inbox-events.js';
import { WINDOW_ALERTS } from './notifications/window-alerts-lane.js';
import { HearConsent } from './hear-consent.js';
import { InboundPipeline } from './pipeline/inbound-pipeline.js';
import { MessageContext } from './pipeline/message-context.js';
import { previewOfInbound } from './preview.js';
import { type Received, Threads } from './threads.js';

/** Takes customers' messages from messaging: places each in its thread, then lets the pipeline answer it. */
@Injectable()
@ConsumesInbound()
export class TakeInboundMessages extends InboundConsumer {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly threads: Threads,
    private readonly answers: Answers,
    private readonly consent: HearConsent,
    private readonly pipeline: InboundPipeline,
    private readonly readReceipts: ReadReceipts,
    private readonly events: InboxEvents,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async place(message: InboundMessage, messageId: string): Promise<{ threadId: string }> {
    const { contactId, absorbedIds } = await this.#resolveContact(message);
    if (absorbedIds.length > 0) await this.threads.adopt(contactId, absorbedIds);
    const { phoneNumberId, body } = message;
    // What is too old to be answered was written when it was written; the rest moves its thread as it comes.
    const at = message.mayAnswer ? this.clock.now() : message.sentAt;
    const received = await this.threads.receive({
      phoneNumberId,
      contactId,
      at,
      opensWindowAt: body.type === 'system' ? undefined : message.sentAt,
      unread: isSomethingToRead(message) ? 1 : 0,
      preview: previewOfInbound(body),
    });
    await this.#announce(message, messageId, { ...received, contactId }, at);
    if (received.openedUntil)
      await this.lanes.ring(WINDOW_ALERTS, [
        { key: this.scope.tenantId, tenantId: this.scope.tenantId, dueAt: firstAlertAt(received.openedUntil) },
      ]);
    return { threadId: received.threadId };
  }

  async answer(message: InboundMessage, threadId: string): Promise<void> {
    if (!isSomethingToRead(message)) return;
    // What is taken up again was placed in an earlier transaction: nobody else may move the conversation meanwhile.
    const thread = await this.threads.hold(threadId);
    if (!thread) throw new Error(`Message was placed in thread ${threadId}, which is not there`);
    const consentChange = await this.consent.hear(message, thread.contactId);
    if (!message.mayAnswer || thread.status === 'blocked') return;
    const context = new MessageContext(
      message,
      thread,
      this.clock.now(),
      (content, once, step) => this.answers.queue(message, thread, content, once, step),
      (contactId) => this.queries.execute(new FindContact(contactId)),
    );
    context.consentChange = consentChange;
    await this.pipeline.run(context);
    await this.#showAsRead(message, context.answers > 0);
  }

  /** Blue ticks say that somebody took care (C65): automation did, or the merchant wants them always. A person's reading shows none. */
  async #showAsRead({ phoneNumberId, wamid }: InboundMessage, isAnswered: boolean): Promise<void> {
    const { readReceipts } = await this.queries.execute(new InboxSettings());
    if (readReceipts === 'always' || (readReceipts === 'bot' && isAnswered))
      this.readReceipts.markAsRead(phoneNumberId, wamid, isAnswered ? 'ticks-and-typing' : 'ticks');
  }

  /** Tells the inbox in the same transaction: a message to read as one, what changes the conversation otherwise as a change. */
  async #announce(
    message: InboundMessage,
    messageId: string,
    received: Received & { readonly contactId: string },
    at: Date,
  ): Promise<void> {
    const { phoneNumberId, wamid, body, contextWamid = null } = message;
    const { threadId, contactId, unreadIncrement, isNew, isBack } = received;
    const isNews = isSomethingToRead(message);
    const preview = previewOfInbound(body);
    const changed = {
      ...(isNew && { created: true as const }),
      ...(isBack && { status: 'active' }),
      ...(!isNews && { lastMessagePreview: preview }),
    };
    if (Object.keys(changed).length > 0) await this.events.conversationsChanged([{ threadId, phoneNumberId, changed }]);
    if (!isNews) return;
    const type = body.type === 'media' ? body.kind : body.type;
    await this.events.newMessages([
      {
        ...{ threadId, phoneNumberId, messageId, direction: 'INBOUND', type, preview, content: body, at },
        ...{ wamid, contextWamid, unreadIncrement, contactId, from: senderOf(message.from) },
      },
    ]);
  }

  #resolveContact({ body, from, sentAt }: InboundMessage): Promise<ResolvedContact> {
    if (body.type !== 'system' || (!body.newWaId && !body.previousUserId))
      return this.commands.execute(new ResolveContact(from, sentAt));
    const { waId, userId, ...others } = from;
    const before = { ...(waId && { waId }), ...(body.previousUserId && { userId: body.previousUserId }) };
    const after = {
      ...others,
      ...(userId && userId !== body.previousUserId && { userId }),
      ...(body.newWaId && { waId: body.newWaId }),
    };
    return this.commands.execute(new RecordNumberChange(before, after, sentAt));
  }
}

function senderOf({ waId, userId: bsuid, username, profileName: name }: SenderIdentity): Sender {
  return { phone: waId && `+${waId}`, bsuid, username, name };
}

/** A reaction and a change that Meta announces are shown, and nobody has to read or answer them. */
function isSomethingToRead({ body }: InboundMessage): boolean {
  return body.type !== 'system' && body.type !== 'reaction';
}
