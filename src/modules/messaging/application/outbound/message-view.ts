import type { MessageCategory } from '../../domain/message-category.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import type { ProviderError } from '../../domain/send-outcome.js';

/** A message that was sent, or is to be. */
export interface MessageSummary {
  readonly messageId: string;
  readonly phoneNumberId: string;
  /** +E.164, or a business-scoped user id. */
  readonly to: string;
  readonly type: string;
  readonly content: MessageContent;
  readonly category: MessageCategory;
  readonly status: OutboundState;
  readonly wamid: string | null;
  readonly idempotencyKey: string | null;
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
}

interface MessageRow {
  id: string;
  phoneNumberId: string;
  addressKind: string;
  address: string;
  type: string;
  content: unknown;
  category: string | null;
  state: string;
  wamid: string | null;
  idempotencyKey: string | null;
  failure: unknown;
  createdAt: Date;
  updatedAt: Date;
}

export function toMessageSummary(row: MessageRow): MessageSummary {
  return {
    messageId: row.id,
    phoneNumberId: row.phoneNumberId,
    to: row.addressKind === 'phone' ? `+${row.address}` : row.address,
    type: row.type,
    content: row.content as MessageContent,
    category: row.category as MessageCategory,
    status: row.state as OutboundState,
    wamid: row.wamid,
    idempotencyKey: row.idempotencyKey,
    failure: row.failure as SendFailure | null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
