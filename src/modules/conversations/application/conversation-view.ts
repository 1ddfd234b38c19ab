import type { ContactView } from '../../customers/index.js';
import { serviceWindow } from '../domain/service-window.js';
import { type BotPause, botPauseOf, type SilenceReason } from '../domain/silence.js';

/** Somebody of the merchant's. */
export interface PersonView {
  readonly id: string;
  readonly name: string;
}

/** A thread as the shared inbox shows it (S1.92). */
export interface ConversationView extends BotPause {
  readonly id: string;
  readonly phoneNumberId: string;
  /** The number's (S1.23). */
  readonly area: { readonly id: string; readonly name: string } | null;
  readonly contact: Pick<ContactView, 'id' | 'name' | 'identities'>;
  /** Null: no template has said so yet; counted as guest. */
  readonly type: 'owner' | 'guest' | null;
  readonly status: 'active' | 'archived' | 'blocked';
  readonly assignee: PersonView | null;
  readonly participants: readonly PersonView[];
  readonly labels: readonly { readonly id: string; readonly name: string; readonly color: string }[];
  readonly referenceLink: string | null;
  readonly unreadCount: number;
  /** How many people have it open at this moment. */
  readonly viewers: number;
  /** The caller is not notified until then. */
  readonly mutedUntil: Date | null;
  readonly lastMessageAt: Date;
  readonly lastMessageDirection: 'INBOUND' | 'OUTBOUND';
  readonly lastMessagePreview: string;
  /** The customer's last message. */
  readonly lastInboundAt: Date | null;
  /** Whether the customer may be sent anything at all, or approved templates only (S1.88). */
  readonly windowOpen: boolean;
  readonly windowClosesAt: Date | null;
}

/** What `CONVERSATION_COLUMNS` selects. */
export interface ConversationRow extends Omit<ConversationView, 'botPause' | 'windowOpen' | 'windowClosesAt'> {
  readonly botPausedAt: Date | null;
  readonly botPausedReason: SilenceReason | null;
}

/**
 * A read model over other modules' tables: threads, with customers' contacts, messaging's numbers and tenants' people. $1 is the tenant, $2 the
 * caller's user id or null. Whoever selects it says by `seenThreads` or by the numbers of the caller which threads `t` those are.
 */
export const CONVERSATION_COLUMNS = `
    t.id, t.phone_number_id as "phoneNumberId", t.unread_count as "unreadCount", t.last_message_at as "lastMessageAt",
    t.last_message_direction as "lastMessageDirection", t.last_message_preview as "lastMessagePreview", t.last_inbound_at as "lastInboundAt",
    t.type, t.status, t.reference_link as "referenceLink", t.bot_paused_until as "botPausedUntil",
    t.bot_paused_at as "botPausedAt", t.bot_paused_reason as "botPausedReason",
    (select jsonb_build_object('id', a.id, 'name', a.name) from phone_number p join area a on a.tenant_id = p.tenant_id and a.id = p.area_id
     where p.tenant_id = t.tenant_id and p.phone_number_id = t.phone_number_id) as area,
    (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.tenant_id = t.tenant_id and u.id = t.assignee_id) as assignee,
    coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id) from thread_participant o
      join app_user u on u.tenant_id = o.tenant_id and u.id = o.user_id where o.tenant_id = t.tenant_id and o.thread_id = t.id), '[]'::jsonb) as participants,
    coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name, 'color', l.color) order by l.name) from thread_label o
      join label l on l.tenant_id = o.tenant_id and l.id = o.label_id where o.tenant_id = t.tenant_id and o.thread_id = t.id), '[]'::jsonb) as labels,
    (select count(distinct v.user_id)::int from thread_viewer v
     where v.tenant_id = t.tenant_id and v.thread_id = t.id and v.viewing_until > now()) as viewers,
    (select m.muted_until from thread_mute m where m.tenant_id = t.tenant_id and m.thread_id = t.id and m.user_id = $2::uuid) as "mutedUntil",
    jsonb_build_object('id', c.id, 'name', coalesce(c.name, c.profile_name), 'identities', coalesce((
      select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value)
      from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id), '[]'::jsonb)) as contact`;

export function toConversationView(row: ConversationRow, now: Date): ConversationView {
  const { botPausedAt: at, botPausedReason: why, botPausedUntil, ...shown } = row;
  const { isOpen, closesAt } = serviceWindow({ lastInboundAt: row.lastInboundAt ?? undefined }, now);
  const mutedUntil = row.mutedUntil && row.mutedUntil > now ? row.mutedUntil : null;
  const pause = botPauseOf(at && why ? { why, at, until: botPausedUntil ?? undefined } : undefined, now);
  return { ...shown, ...pause, mutedUntil, windowOpen: isOpen, windowClosesAt: closesAt ?? null };
}
