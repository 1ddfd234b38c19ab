import type { InboundBody, MediaView, MessageContent } from '../../../messaging/index.js';
import { previewOfInbound, previewOfOutbound } from '../preview.js';

/** Who wrote a message: the customer, a user, automation or a program (`bot`), or somebody on the merchant's phone (`app`). */
export type MessageSender =
  | { readonly kind: 'customer' | 'bot' | 'app' }
  | { readonly kind: 'user'; readonly userId: string; readonly name: string | null };

/** The message that another one answers, in short. */
export interface QuotedMessage {
  readonly messageId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly type: string;
  readonly preview: string;
}

/** What somebody's reaction to a message is at last. */
export interface Reaction {
  readonly messageId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly emoji: string;
  readonly at: Date;
}

/** A message of a conversation, either way (S1.93, S4.2). */
export interface ConversationMessageView {
  readonly id: string;
  /** The number that it went through. */
  readonly phoneNumberId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly status: string;
  /** api: through us. app: written on the merchant's phone. history: from before the number was connected. */
  readonly origin: 'api' | 'app' | 'history';
  readonly wamid: string | null;
  /** The wamid that it replies to or was tapped on. */
  readonly contextWamid: string | null;
  readonly sender: MessageSender;
  /** The user that wrote it; null for customers and automation. */
  readonly sentBy: string | null;
  /** Null: it answers nothing, or a message that is not kept here. */
  readonly replyTo: QuotedMessage | null;
  /** One for each side at most; they are messages of their own as well. */
  readonly reactions: readonly Reaction[];
  /** The file that it shows, with a link that ends; null: none, or not known here. */
  readonly media: MediaView | null;
  /** Each status that the provider reported, as received: {status, at, errors?, pricing?, conversation?} (S1.91, S4.12). */
  readonly statusEvents: readonly Readonly<Record<string, unknown>>[];
  /** {code, class, title, detail} of the refusal that ended or delayed it. */
  readonly failure: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
}

/** What the reader selects of `message`. */
export interface MessageRow extends Omit<ConversationMessageView, 'sender' | 'replyTo' | 'reactions' | 'media'> {
  readonly seq: bigint;
}

export function senderOf(
  { direction, origin, sentBy }: Pick<MessageRow, 'direction' | 'origin' | 'sentBy'>,
  names: ReadonlyMap<string, string>,
): MessageSender {
  if (direction === 'INBOUND') return { kind: 'customer' };
  if (origin !== 'api') return { kind: 'app' };
  if (sentBy === null) return { kind: 'bot' };
  return { kind: 'user', userId: sentBy, name: names.get(sentBy) ?? null };
}

/** The line that stands for a stored message; of what an older or newer version has stored, its type. */
export function previewOf({ direction, type, content }: Pick<MessageRow, 'direction' | 'type' | 'content'>): string {
  // Both answer with nothing to a type that they do not know.
  const preview: string | undefined =
    direction === 'INBOUND'
      ? previewOfInbound(content as unknown as InboundBody)
      : previewOfOutbound(content as unknown as MessageContent);
  return preview ?? `[${type}]`;
}

export interface ReactionRow extends Omit<Reaction, 'at'> {
  readonly toWamid: string;
  readonly at: Date;
}

/** @param rows in the order in which they came @returns what each side says at last, by the wamid that it reacts to; a reaction taken back is none */
export function latestReactions(rows: readonly ReactionRow[]): ReadonlyMap<string, readonly Reaction[]> {
  const latest = new Map<string, Map<string, Reaction>>();
  for (const { toWamid, ...reaction } of rows) {
    const sides = latest.get(toWamid) ?? new Map<string, Reaction>();
    latest.set(toWamid, sides.set(reaction.direction, reaction));
  }
  return new Map([...latest].map(([wamid, sides]) => [wamid, [...sides.values()].filter(({ emoji }) => emoji !== '')]));
}
