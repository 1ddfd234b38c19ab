import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type ContactView, FindContact } from '../../../customers/index.js';
import {
  EnqueueMessage,
  type MessageContent,
  MessageKeyUsed,
  type ReactionContent,
  type Recipient,
  SendableFiles,
} from '../../../messaging/index.js';
import { NumberNotSeen } from '../../domain/conversation-errors.js';
import {
  CustomerNotReachable,
  MessageNotInConversation,
  MessageNotSentYet,
  NumberNotForThis,
} from '../../domain/messages/message-errors.js';
import { InboxThreads } from '../inbox/inbox-threads.js';
import { InboxEvents } from '../inbox-events.js';
import { type VisibleThread, VisibleThreads } from '../visible-threads.js';
import type { ConversationMessageView } from './conversation-message-view.js';
import { MessageReader } from './message-reader.js';
import { Sending } from './sending.js';

/** What is said in a conversation; a reaction names our message, not the provider's. */
export type Said =
  | Exclude<MessageContent, ReactionContent>
  | { readonly type: 'reaction'; readonly messageId: string; readonly emoji: string };

export interface ConversationMessageRequest {
  readonly content: Said;
  /** The message of the conversation that it answers. */
  readonly replyTo?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Left out: the conversation's number. Another one: a number for retargeting, in whose conversation with the customer it goes. */
  readonly phoneNumberId?: string | undefined;
  /** The user who sends it; left out for programs. */
  readonly sentBy?: string | undefined;
}

/** A message, and the conversation that it went into. */
export interface SentMessageView extends ConversationMessageView {
  readonly conversationId: string;
}

/**
 * Queues a message in a conversation (S1.12-S1.16, S1.77-S1.80). Decided under the thread's lock: a block, an assignment or an opt-out that
 * committed first holds.
 * @throws ConversationNotFound, ActNotAllowed, ConversationBlocked, WindowClosed, TemplateRefused, MarketingStopped, ContentRefused,
 *   MessageNotInConversation, MediaNotFound, MediaNotSendable, MessageNotSentYet, CustomerNotReachable, NumberNotSeen, NumberNotForThis, MessageKeyUsed
 */
export class SendInConversation extends Command<SentMessageView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly request: ConversationMessageRequest,
  ) {
    super();
  }
}

@CommandHandler(SendInConversation)
export class SendInConversationHandler implements ICommandHandler<SendInConversation> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly sending: Sending,
    private readonly files: SendableFiles,
    private readonly messages: MessageReader,
    private readonly events: InboxEvents,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, actor, conversationId, request }: SendInConversation): Promise<SentMessageView> {
    const { sentBy, idempotencyKey, replyTo } = request;
    const thread = await this.#lock(access, actor, conversationId, request.phoneNumberId);
    const content = await this.#contentOf(thread, request.content);
    const contextWamid = replyTo === undefined ? undefined : await this.#wamidOf(thread, replyTo);
    await this.files.check(access, actor, content);
    const to = recipientOf(await this.queries.execute(new FindContact(thread.contactId)));
    const admitted = await this.sending.admit(thread, to, content);
    const { messageId, duplicate } = await this.commands.execute(
      new EnqueueMessage({
        ...admitted,
        phoneNumberId: thread.phoneNumberId,
        to,
        content,
        category: sentBy === undefined ? 'order_update' : 'agent_reply',
        threadId: thread.id,
        ...(contextWamid !== undefined && { contextWamid }),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        ...(sentBy !== undefined && { sentBy }),
      }),
    );
    if (duplicate) throw new MessageKeyUsed(messageId);
    await this.sending.note(thread, content, sentBy);
    const row = await this.messages.one(thread.id, messageId);
    const [view] = await this.messages.views(thread.id, row ? [row] : []);
    return { ...view!, conversationId: thread.id };
  }

  async #lock(
    access: InboxAccess,
    actor: string,
    conversationId: string,
    phoneNumberId: string | undefined,
  ): Promise<VisibleThread> {
    if (phoneNumberId === undefined) return this.visible.lock(access, 'write', conversationId);
    const asked = await this.visible.find(access, 'write', conversationId);
    if (asked.phoneNumberId === phoneNumberId) return this.visible.lock(access, 'write', conversationId);
    await this.#checkNumber(access, phoneNumberId);
    const { id, created } = await this.threads.openEmpty(phoneNumberId, asked.contactId, access.ownOnly ?? null);
    const thread = await this.visible.lock(access, 'write', id);
    if (created)
      await this.events.conversationsChanged([{ threadId: thread.id, phoneNumberId, actor, changed: { created } }]);
    return thread;
  }

  async #checkNumber(access: InboxAccess, phoneNumberId: string): Promise<void> {
    if (!(await this.threads.seesNumber(access, phoneNumberId))) throw new NumberNotSeen();
    const [number] = await this.unitOfWork.sql.query<{ purpose: string }>(
      'select purpose from phone_number where tenant_id = $1::uuid and phone_number_id = $2',
      [this.scope.tenantId, phoneNumberId],
    );
    if (number?.purpose !== 'retarget') throw new NumberNotForThis();
  }

  async #contentOf(thread: VisibleThread, said: Said): Promise<MessageContent> {
    if (said.type !== 'reaction') return said;
    return { type: 'reaction', toWamid: await this.#wamidOf(thread, said.messageId), emoji: said.emoji };
  }

  async #wamidOf(thread: VisibleThread, messageId: string): Promise<string> {
    const message = await this.messages.one(thread.id, messageId);
    if (!message) throw new MessageNotInConversation();
    if (message.wamid === null) throw new MessageNotSentYet();
    return message.wamid;
  }
}

/** At the number, as WhatsApp writes it where that is known; at the user id of who hides the number (F1). @throws CustomerNotReachable */
export function recipientOf({ identities }: Pick<ContactView, 'identities'>): Recipient {
  const of = (kind: string): string | undefined => identities.find((identity) => identity.kind === kind)?.value;
  const phone = of('wa_id') ?? of('phone')?.replace(/^\+/, '');
  if (phone !== undefined) return { kind: 'phone', value: phone };
  const value = of('bsuid') ?? of('parent_bsuid');
  if (value === undefined) throw new CustomerNotReachable();
  return { kind: 'bsuid', value };
}
