import type { ContactView } from '../../customers/index.js';
import { serviceWindow } from '../domain/service-window.js';

/** A thread as the shared inbox shows it. */
export interface ConversationView {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly contact: Pick<ContactView, 'id' | 'name' | 'identities'>;
  readonly unreadCount: number;
  readonly lastMessageAt: Date;
  readonly lastMessageDirection: 'INBOUND' | 'OUTBOUND';
  readonly lastMessagePreview: string;
  /** The customer's last message. */
  readonly lastInboundAt: Date | null;
  /** Whether the customer may be sent anything at all, or approved templates only (S1.88). */
  readonly windowOpen: boolean;
  readonly windowClosesAt: Date | null;
}

/** What `CONVERSATION_ROWS` selects. */
export type ConversationRow = Omit<ConversationView, 'windowOpen' | 'windowClosesAt'>;

/**
 * A read model over two modules' tables: threads, with customers' contacts and identities. $1 is the tenant. Whoever selects from it adds
 * `seenThreads(access, 't', ...)`.
 */
export const CONVERSATION_ROWS = `
  select t.id, t.phone_number_id as "phoneNumberId", t.unread_count as "unreadCount", t.last_message_at as "lastMessageAt",
    t.last_message_direction as "lastMessageDirection", t.last_message_preview as "lastMessagePreview", t.last_inbound_at as "lastInboundAt",
    jsonb_build_object('id', c.id, 'name', coalesce(c.name, c.profile_name), 'identities', coalesce((
      select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value)
      from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id), '[]'::jsonb)) as contact
  from thread t join contact c on c.tenant_id = t.tenant_id and c.id = t.contact_id
  where t.tenant_id = $1::uuid and t.merged_into_id is null`;

export function toConversationView(row: ConversationRow, now: Date): ConversationView {
  const { isOpen, closesAt } = serviceWindow({ lastInboundAt: row.lastInboundAt ?? undefined }, now);
  return { ...row, windowOpen: isOpen, windowClosesAt: closesAt ?? null };
}
