import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { PhoneNumberNotFound } from '../../domain/account-errors.js';
import { checkContent } from '../../domain/content-limits.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { Recipient } from '../../domain/recipient.js';
import { SendableFiles } from '../media/sendable-files.js';
import { EnqueueMessage } from './enqueue-message.js';
import { OutgoingPlacers } from './outgoing-placer.js';
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

export interface MessageRequest {
  readonly to: Recipient;
  readonly content: MessageContent;
  /** Left out: the merchant's default number. */
  readonly phoneNumberId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** The user who sends it; left out for programs. */
  readonly sentBy?: string | undefined;
}

/**
 * Queues a message that a person or a program of the merchant asked for, in the conversation with its recipient.
 * @throws PhoneNumberNotFound, NoPhoneNumber, ContentRefused, MediaNotFound, MediaNotSendable, MessageKeyUsed, and what an `OutgoingPlacer` refuses
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
    private readonly numbers: SpeakingNumbers,
    private readonly placers: OutgoingPlacers,
    private readonly files: SendableFiles,
    private readonly commands: Commands,
  ) {}

  async execute({ access, request }: SendMessage): Promise<{ messageId: string }> {
    const { to, content, idempotencyKey, sentBy } = request;
    const phoneNumberId = await this.#numberFor(access, request.phoneNumberId);
    await this.files.check(access, sentBy === undefined ? 'api' : `user:${sentBy}`, content);
    checkContent(content);
    const placed = await this.placers.find()?.place({ access, phoneNumberId, to, content, sentBy });
    const order = {
      ...placed,
      phoneNumberId,
      to,
      content,
      category: sentBy === undefined ? ('order_update' as const) : ('agent_reply' as const),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(sentBy === undefined ? {} : { sentBy }),
    };
    const { messageId, duplicate } = await this.commands.execute(new EnqueueMessage(order));
    if (duplicate) throw new MessageKeyUsed(messageId);
    return { messageId };
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
