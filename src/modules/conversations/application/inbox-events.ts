import { Injectable } from '@nestjs/common';
import type { InboundBody, MessageContent } from '../../messaging/index.js';
import { type NewTenantEvent, TenantEvents } from '../../../platform/realtime/tenant-events.js';
import type { BotPause } from '../domain/silence.js';

/** Where an event happened. */
interface InThread {
  readonly threadId: string;
  readonly phoneNumberId: string;
}

/** A message that a conversation shows from now on. */
export interface NewMessage extends InThread {
  readonly messageId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly type: string;
  /** The list's one line. */
  readonly preview: string;
  /** All that it says, for the programs that hear of it. */
  readonly content: InboundBody | MessageContent;
  readonly at: Date;
  readonly wamid: string | null;
  /** The wamid that it replies to, or was tapped on. */
  readonly contextWamid: string | null;
  /** The customer, where they wrote it. */
  readonly contactId?: string | undefined;
  readonly from?: Sender | undefined;
  /** The customer, +E.164 or a business-scoped user id, where it goes to them. */
  readonly to?: string | undefined;
  /** What whoever sent it knows it by, and the step of a flow that it was made of. */
  readonly idempotencyKey?: string | null | undefined;
  readonly templateKey?: string | null | undefined;
  /** How much it adds to what is unread: 0 for what we write, and while somebody has the conversation open (S0.90, S1.90). */
  readonly unreadIncrement: 0 | 1;
  /** As `actorOf` names it, when a person or a program wrote it. */
  readonly actor?: string | undefined;
}

/** A customer as the provider names them; one of phone and bsuid is there. */
export interface Sender {
  /** +E.164 */
  readonly phone?: string | undefined;
  /** Business-scoped user id. */
  readonly bsuid?: string | undefined;
  readonly username?: string | undefined;
  readonly name?: string | undefined;
}

export interface MessageStatus extends InThread {
  readonly messageId: string;
  readonly wamid: string | null;
  readonly idempotencyKey?: string | null | undefined;
  readonly templateKey?: string | null | undefined;
  readonly status: string;
  readonly failure?: Readonly<Record<string, unknown>> | undefined;
}

/** What changed of a conversation; members that did not change are left out. */
export interface ConversationChange extends InThread {
  readonly actor?: string | undefined;
  readonly changed: {
    readonly created?: true;
    readonly type?: string | null;
    readonly status?: string;
    readonly assigneeId?: string | null;
    readonly participantIds?: readonly string[];
    readonly labels?: readonly string[];
    readonly unreadCount?: number;
    readonly referenceLink?: string | null;
    readonly contactName?: string | null;
    readonly botPausedUntil?: BotPause['botPausedUntil'];
    readonly botPause?: BotPause['botPause'];
    /** A note was written, changed or removed. */
    readonly noteId?: string;
    readonly lastMessagePreview?: string;
    readonly mergedIntoId?: string;
  };
}

/** News for people: shown as a popup or a badge, not as part of a conversation. */
export interface Notification {
  /** window-closing | assigned | unassigned | mentioned | muted | unmuted | account-alert | payment-claimed | handed-to-people | ... */
  readonly kind: string;
  readonly threadId?: string | undefined;
  readonly phoneNumberId?: string | undefined;
  /** For this user alone; left out: for all who hear of the conversation. */
  readonly userId?: string | undefined;
  readonly actor?: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * What the inbox tells sockets and the event log (contract 5), in the open transaction and under the thread's lock. Payloads hold ids and what a
 * list shows at once; whoever needs more reads it by its id, and sees it only if he may.
 */
@Injectable()
export class InboxEvents {
  constructor(private readonly events: TenantEvents) {}

  newMessages(messages: readonly NewMessage[]): Promise<void> {
    return this.events.append(messages.map((message) => told('whatsapp-new-message', message)));
  }

  /** Written on the merchant's phone (F12). */
  echoes(messages: readonly NewMessage[]): Promise<void> {
    return this.events.append(messages.map((message) => told('whatsapp-message-echo', message)));
  }

  statuses(messages: readonly MessageStatus[]): Promise<void> {
    return this.events.append(messages.map((message) => told('whatsapp-message-status', message)));
  }

  conversationsChanged(changes: readonly ConversationChange[]): Promise<void> {
    return this.events.append(changes.map((change) => told('whatsapp-conversation-update', change)));
  }

  /** Somebody does not see the conversation any more: the one event of it that still reaches them. */
  conversationLeft({ threadId }: InThread, userIds: readonly string[]): Promise<void> {
    return this.events.append(
      userIds.map((userId) => ({
        name: 'whatsapp-conversation-update',
        userId,
        payload: { conversationId: threadId, left: true },
      })),
    );
  }

  notify(notifications: readonly Notification[]): Promise<void> {
    return this.events.append(
      notifications.map(({ threadId, phoneNumberId, userId, actor, kind, details }) => ({
        name: 'notification',
        threadId,
        phoneNumberId,
        userId,
        actor,
        payload: { kind, ...(threadId !== undefined && { conversationId: threadId }), ...details },
      })),
    );
  }
}

function told(
  name: NewTenantEvent['name'],
  { threadId, phoneNumberId, actor, ...payload }: InThread & { readonly actor?: string | undefined },
): NewTenantEvent {
  return {
    name,
    phoneNumberId,
    threadId,
    actor,
    payload: { conversationId: threadId, phoneNumberId, ...(actor !== undefined && { actor }), ...payload },
  };
}
