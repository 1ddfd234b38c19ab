import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { FindContact, RecordNumberChange, ResolveContact, type ResolvedContact } from '../../customers/index.js';
import { ConsumesInbound, InboundConsumer, type InboundMessage, ReadReceipts } from '../../messaging/index.js';
import { Answers } from './answers.js';
import { HearConsent } from './hear-consent.js';
import { InboundPipeline } from './pipeline/inbound-pipeline.js';
import { MessageContext } from './pipeline/message-context.js';
import { previewOfInbound } from './preview.js';
import { Threads } from './threads.js';

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
    private readonly clock: Clock,
  ) {
    super();
  }

  async place(message: InboundMessage): Promise<{ threadId: string }> {
    const { contactId, absorbedIds } = await this.#resolveContact(message);
    if (absorbedIds.length > 0) await this.threads.adopt(contactId, absorbedIds);
    const isNews = message.body.type !== 'system';
    const threadId = await this.threads.receive({
      phoneNumberId: message.phoneNumberId,
      contactId,
      // What is too old to be answered was written when it was written; the rest moves its thread as it comes.
      at: message.mayAnswer ? this.clock.now() : message.sentAt,
      opensWindowAt: isNews ? message.sentAt : undefined,
      unread: isNews ? 1 : 0,
      preview: previewOfInbound(message.body),
    });
    return { threadId };
  }

  async answer(message: InboundMessage, threadId: string): Promise<void> {
    if (message.body.type === 'system' || message.body.type === 'reaction') return;
    const thread = await this.threads.find(threadId);
    if (!thread) throw new Error(`Message was placed in thread ${threadId}, which is not there`);
    const consentChange = await this.consent.hear(message, thread.contactId);
    if (!message.mayAnswer) return;
    const context = new MessageContext(
      message,
      thread,
      this.clock.now(),
      (content, position) => this.answers.queue(message, thread, content, position),
      (contactId) => this.queries.execute(new FindContact(contactId)),
    );
    context.consentChange = consentChange;
    await this.pipeline.run(context);
    // Blue ticks say that somebody took care: only when automation did (C65).
    if (context.answers > 0) this.readReceipts.markAsRead(message.phoneNumberId, message.wamid, 'ticks-and-typing');
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
