import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import { newId } from '../../../../kernel/ids.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { PhoneNumberNotFound } from '../../domain/account-errors.js';
import { checkContent } from '../../domain/content-limits.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { PriorityClass } from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';
import { SendableFiles } from '../media/sendable-files.js';
import { EnqueueMessage } from './enqueue-message.js';
import { type ComposedMessage, FlowTemplateNotFound, MessageComposers } from './message-composer.js';
import type { MessageOrder, SentStep } from './message-order.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { OutgoingPlacers } from './outgoing-placer.js';
import { SCHEDULED } from './scheduled-messages.js';
import { SpeakingNumbers } from './speaking-numbers.js';

/** The business key of a message was used before (S2.51, C43). */
export class MessageKeyUsed extends DomainError {
  readonly code = 'IDEMPOTENCY_KEY_USED';
  readonly kind = 'conflict';
  override readonly extensions: { readonly messageId: string };
  constructor(messageId: string) {
    super('Request with the given idempotency_key already processed');
    this.extensions = { messageId };
  }
}

export class NoPhoneNumber extends DomainError {
  readonly code = 'NO_PHONE_NUMBER';
  readonly kind = 'conflict';
  constructor() {
    super('No WhatsApp number is connected to send from.');
  }
}

/** A message is ordered for at most so long ahead. */
const LONGEST_AHEAD_MS = 366 * 24 * 3_600_000;
/** Clocks differ, and a request takes its time. */
const CLOCKS_DIFFER_BY_MS = 60_000;

export class ScheduleOutOfRange extends DomainError {
  readonly code = 'SCHEDULE_OUT_OF_RANGE';
  readonly kind = 'meaning';
  constructor() {
    super('A message can be ordered for any time from now to a year ahead.');
  }
}

export interface MessageRequest {
  readonly to: Recipient;
  /** What it says, or the step of a flow that it is made of. */
  readonly says: MessageContent | SentStep;
  /** Left out: the merchant's default number. */
  readonly phoneNumberId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Not before then; left out: at once. */
  readonly scheduleAt?: Date | undefined;
  readonly priority?: PriorityClass | undefined;
  /** The user who sends it; left out for programs. */
  readonly sentBy?: string | undefined;
}

/**
 * Queues a message that a person or a program of the merchant asked for, in the conversation with its recipient.
 * @throws PhoneNumberNotFound, NoPhoneNumber, ContentRefused, MediaNotFound, MediaNotSendable, MessageKeyUsed, ScheduleOutOfRange, and what a
 * `MessageComposer` or an `OutgoingPlacer` refuses
 */
export class SendMessage extends Command<{ messageId: string }> {
  constructor(
    readonly access: InboxAccess,
    readonly request: MessageRequest,
  ) {
    super();
  }
}

@CommandHandler(SendMessage)
export class SendMessageHandler implements ICommandHandler<SendMessage> {
  constructor(
    private readonly messages: OutgoingMessages,
    private readonly numbers: SpeakingNumbers,
    private readonly composers: MessageComposers,
    private readonly placers: OutgoingPlacers,
    private readonly files: SendableFiles,
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  async execute({ access, request }: SendMessage): Promise<{ messageId: string }> {
    const { idempotencyKey, says, scheduleAt } = request;
    // First of all: whoever asks again is told so, though the message could not be sent any more (S2.51).
    const first = idempotencyKey === undefined ? undefined : await this.messages.withKey(idempotencyKey);
    if (first !== undefined) throw new MessageKeyUsed(first);
    this.#checkSchedule(scheduleAt);
    const phoneNumberId = await this.#numberFor(access, request.phoneNumberId);
    const composed =
      'type' in says
        ? await this.#given(access, request, says)
        : await this.#compose(access, phoneNumberId, request, says);
    checkContent(composed.content);
    const order = await this.#order(access, phoneNumberId, request, composed);
    const { messageId, duplicate } = await this.commands.execute(new EnqueueMessage(order));
    if (duplicate) throw new MessageKeyUsed(messageId);
    return { messageId };
  }

  async #order(
    access: InboxAccess,
    phoneNumberId: string,
    { to, says, idempotencyKey, scheduleAt, priority, sentBy }: MessageRequest,
    composed: ComposedMessage,
  ): Promise<MessageOrder> {
    const { content } = composed;
    const isForLater = scheduleAt !== undefined;
    const placed = await this.placers.find()?.place({ access, phoneNumberId, to, content, sentBy, isForLater });
    if (placed && !isForLater) await composed.accepted();
    return {
      ...placed,
      phoneNumberId,
      to,
      content,
      category: sentBy === undefined ? 'order_update' : 'agent_reply',
      ...(priority && { priority }),
      ...(!('type' in says) && { step: says }),
      ...(isForLater && {
        notBefore: scheduleAt,
        followedBy: { follower: SCHEDULED, subjectId: placed?.threadId ?? newId() },
      }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(sentBy === undefined ? {} : { sentBy }),
    };
  }

  async #given(access: InboxAccess, { sentBy }: MessageRequest, content: MessageContent): Promise<ComposedMessage> {
    await this.files.check(access, sentBy === undefined ? 'api' : `user:${sentBy}`, content);
    return { content, accepted: () => Promise.resolve() };
  }

  async #compose(
    access: InboxAccess,
    phoneNumberId: string,
    { to }: MessageRequest,
    { templateKey, variables = {} }: SentStep,
  ): Promise<ComposedMessage> {
    const [composer, placer] = [this.composers.find(), this.placers.find()];
    if (!composer || !placer) throw new FlowTemplateNotFound(templateKey);
    const conversation = await placer.open({ access, phoneNumberId, to });
    return composer.compose({ templateKey, variables, ...conversation });
  }

  #checkSchedule(at: Date | undefined): void {
    if (at === undefined) return;
    const ahead = at.getTime() - this.clock.now().getTime();
    if (ahead < -CLOCKS_DIFFER_BY_MS || ahead > LONGEST_AHEAD_MS) throw new ScheduleOutOfRange();
  }

  async #numberFor(access: InboxAccess, wanted: string | undefined): Promise<string> {
    if (wanted === undefined) {
      const number = await this.numbers.default(access);
      if (number === undefined) throw new NoPhoneNumber();
      return number;
    }
    if (!(await this.numbers.has(access, wanted))) throw new PhoneNumberNotFound();
    return wanted;
  }
}
