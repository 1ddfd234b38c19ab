import type { MessageCategory } from '../../domain/message-category.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { InboundBody } from '../inbound/inbound-message.js';
import {
  classOfPriority,
  type OutboundState,
  type PriorityClass,
  type SendFailure,
} from '../../domain/outbound-message.js';
import type { ProviderError } from '../../domain/send-outcome.js';

/** A message that was sent, or is to be; read by its id, also one that a customer sent. */
export interface MessageSummary {
  readonly messageId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  /** The conversation that it belongs to. */
  readonly conversationId: string | null;
  readonly phoneNumberId: string;
  /** The customer, +E.164 or a business-scoped user id, whichever way the message went. */
  readonly to: string;
  readonly type: string;
  readonly content: MessageContent | InboundBody;
  /** Null for a customer's message. */
  readonly category: MessageCategory | null;
  readonly status: OutboundState | 'received';
  readonly wamid: string | null;
  readonly idempotencyKey: string | null;
  /** The step of the merchant's flow that it was made of. */
  readonly templateKey: string | null;
  /** Null for a customer's message. */
  readonly priority: PriorityClass | null;
  /** While it is queued: when it is due, which may be past. */
  readonly dueAt: Date | null;
  readonly failure: SendFailure | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One POST, or one that may have been. */
export interface AttemptView {
  readonly attempt: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** Null while it is on its way. */
  readonly outcome: 'accepted' | 'refused' | 'throttled' | 'not_sent' | 'unknown' | null;
  readonly wamid: string | null;
  readonly error: ProviderError | null;
}

export interface MessageView extends MessageSummary {
  /** Each status that the provider reported, as received. */
  readonly statuses: readonly Readonly<Record<string, unknown>>[];
  readonly attempts: readonly AttemptView[];
  /** The provider accepted more than one attempt: the customer may have it twice. */
  readonly acceptedTwice: boolean;
  /** Of a customer's message, the object as the provider sent it (S4.19); null for one of ours, and where it is kept no more. */
  readonly payload: unknown;
}

/** What `MESSAGE_COLUMNS` selects. */
export interface MessageRow {
  id: string;
  direction: 'INBOUND' | 'OUTBOUND';
  threadId: string | null;
  phoneNumberId: string;
  addressKind: string;
  address: string;
  type: string;
  content: unknown;
  category: string | null;
  state: string;
  wamid: string | null;
  idempotencyKey: string | null;
  templateKey: string | null;
  priority: number;
  dueAt: Date | null;
  failure: unknown;
  createdAt: Date;
  updatedAt: Date;
}

/** Of `message m`. */
export const MESSAGE_COLUMNS = `m.id, m.direction, m.thread_id as "threadId", m.phone_number_id as "phoneNumberId", m.address_kind as "addressKind",
  m.address, m.type, m.content, m.category, m.state, m.wamid, m.idempotency_key as "idempotencyKey", m.template_key as "templateKey",
  m.priority, case when m.state = 'queued' then m.next_at end as "dueAt", m.failure, m.created_at as "createdAt",
  m.updated_at as "updatedAt"`;

export function toMessageSummary(row: MessageRow): MessageSummary {
  return {
    messageId: row.id,
    direction: row.direction,
    conversationId: row.threadId,
    phoneNumberId: row.phoneNumberId,
    to: row.addressKind === 'phone' ? `+${row.address}` : row.address,
    type: row.type,
    content: row.content as MessageSummary['content'],
    category: row.category as MessageSummary['category'],
    status: row.state as MessageSummary['status'],
    wamid: row.wamid,
    idempotencyKey: row.idempotencyKey,
    templateKey: row.templateKey,
    priority: row.direction === 'OUTBOUND' ? classOfPriority(row.priority) : null,
    dueAt: row.dueAt,
    failure: row.failure as SendFailure | null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
