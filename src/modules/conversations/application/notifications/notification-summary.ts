import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { type Condition, heardThreads, seenThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { shownMessages } from '../../../messaging/index.js';
import { CRITICAL_MS, severityOf, URGENT_MS, type WindowSeverity } from '../../domain/notifications/window-alert.js';
import { WINDOW_MS, windowEnd } from '../../domain/service-window.js';

interface NotifiedConversation {
  readonly conversationId: string;
  readonly phoneNumberId: string;
  readonly contact: { readonly id: string; readonly name: string | null };
  readonly lastMessagePreview: string;
  readonly lastMessageAt: Date;
}

export interface ExpiringConversation extends NotifiedConversation {
  readonly closesAt: Date;
  readonly severity: WindowSeverity;
}

export interface UnreadConversation extends NotifiedConversation {
  readonly unreadCount: number;
}

/** What somebody is told of at a glance (S1.65, S1.87): the most pressing of each kind, and how many there are in all. */
export interface NotificationSummaryView {
  /** Windows that close within three hours, the first to close first. */
  readonly expiring: readonly ExpiringConversation[];
  /** Conversations whose last word is the customer's and unread, the latest first. */
  readonly unread: readonly UnreadConversation[];
  readonly counts: { readonly expiring: number; readonly critical: number; readonly unread: number };
}

/**
 * Expiring: of all conversations that the caller sees; unread: of those that they hear of (S1.31). Without blocked and muted ones, and without
 * those in which the caller had the last word (S1.32, S1.99).
 */
export class NotificationSummary extends Query<NotificationSummaryView> {
  /** @param userId left out for programs, who mute nothing and say nothing as themselves */
  constructor(
    readonly access: InboxAccess,
    readonly userId: string | undefined,
  ) {
    super();
  }
}

const SHOWN = 50;

interface Row extends NotifiedConversation {
  readonly unreadCount: number;
  readonly lastInboundAt: Date;
  readonly total: number;
  readonly critical: number;
}

@QueryHandler(NotificationSummary)
export class NotificationSummaryHandler implements IQueryHandler<NotificationSummary> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ access, userId }: NotificationSummary): Promise<NotificationSummaryView> {
    const now = this.clock.now();
    const before = (milliseconds: number): string => new Date(now.getTime() - milliseconds).toISOString();
    const given = [this.scope.tenantId, userId ?? null, now.toISOString(), SHOWN, before(WINDOW_MS - CRITICAL_MS)];
    const expiring = await this.#rows(
      't.last_inbound_at > $6::timestamptz and t.last_inbound_at <= $7::timestamptz',
      't.last_inbound_at, t.id',
      seenThreads(access, 't', 8),
      [...given, before(WINDOW_MS), before(WINDOW_MS - URGENT_MS)],
    );
    const unread = await this.#rows(
      `t.unread_count > 0 and t.last_message_direction = 'INBOUND'`,
      't.last_message_at desc, t.id desc',
      heardThreads(access, 't', 6),
      given,
    );
    return {
      expiring: expiring.map(({ unreadCount: _, lastInboundAt, total: _total, critical: _critical, ...row }) => {
        const closesAt = windowEnd(lastInboundAt);
        return { ...row, closesAt, severity: severityOf(closesAt, now)! };
      }),
      unread: unread.map(({ lastInboundAt: _, total: _total, critical: _critical, ...row }) => row),
      counts: {
        expiring: expiring[0]?.total ?? 0,
        critical: expiring[0]?.critical ?? 0,
        unread: unread[0]?.total ?? 0,
      },
    };
  }

  /** $1 tenant, $2 user, $3 now, $4 how many, $5 since when a window is critical. */
  #rows(what: string, order: string, allowed: Condition, parameters: readonly unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(
      `select t.id as "conversationId", t.phone_number_id as "phoneNumberId",
         jsonb_build_object('id', c.id, 'name', coalesce(c.name, c.profile_name)) as contact, t.last_message_preview as "lastMessagePreview",
         t.last_message_at as "lastMessageAt", t.last_inbound_at as "lastInboundAt", t.unread_count as "unreadCount",
         (count(*) over ())::int as total, (count(*) filter (where t.last_inbound_at <= $5::timestamptz) over ())::int as critical
       from thread t join contact c on c.tenant_id = t.tenant_id and c.id = t.contact_id
       where t.tenant_id = $1::uuid and t.merged_into_id is null and t.status <> 'blocked' and ${what} and ${allowed.sql}
         and not exists (select from thread_mute m
           where m.tenant_id = t.tenant_id and m.thread_id = t.id and m.user_id = $2::uuid and m.muted_until > $3::timestamptz)
         and not (t.last_message_direction = 'OUTBOUND' and $2::uuid is not null and ($2::uuid)::text is not distinct from (
           select m.sent_by from message m where m.tenant_id = t.tenant_id and m.thread_id = t.id and ${shownMessages('m')} order by m.seq desc limit 1))
       order by ${order} limit $4::int`,
      [...parameters, ...allowed.parameters],
    );
  }
}
