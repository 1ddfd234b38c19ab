import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM, type TenantId } from '../../../../kernel/ids.js';
import type { ThreadFacts } from '../../../../kernel/inbox-access.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type LoggedEvent, toLoggedEvent } from '../../application/events/event-log.js';
import { Presence, type Viewer } from '../../application/presence/presence.js';
import type { Told } from './audience.js';

const BATCH = 500;

export interface ToldEvent {
  readonly event: LoggedEvent;
  readonly about: Told;
}

export interface ThreadPresence {
  readonly threadId: string;
  readonly facts: ThreadFacts;
  readonly viewers: readonly Viewer[];
}

interface EventRow extends Omit<Told, 'thread'>, ThreadFacts {
  readonly seq: number;
  readonly threadId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/** What sockets are told, with what decides to whom. A read model: reads messaging's numbers for their areas. */
@Injectable()
export class EventSource {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly presence: Presence,
    private readonly clock: Clock,
  ) {}

  /** How far the tenants' logs reach; those that have none yet are left out. */
  async heads(tenants: readonly TenantId[]): Promise<ReadonlyMap<TenantId, number>> {
    const rows = await this.#in(PLATFORM, (sql) =>
      sql.query<{ tenantId: TenantId; seq: number }>(
        `select tenant_id as "tenantId", seq::float8 as seq from tenant_event_head where tenant_id = any($1::uuid[])`,
        [tenants],
      ),
    );
    return new Map(rows.map(({ tenantId, seq }) => [tenantId, seq]));
  }

  /** The next numbered events after `seq`, in order. */
  async after(tenant: TenantId, seq: number): Promise<readonly ToldEvent[]> {
    const rows = await this.#in(tenant, (sql) =>
      sql.query<EventRow>(EVENTS, [tenant, seq, this.clock.now().toISOString()]),
    );
    return rows.map(({ threadId, areaId, assigneeId, participantIds, ...row }) => ({
      event: toLoggedEvent(row),
      about: { ...row, areaId, thread: threadId === null ? null : { areaId, assigneeId, participantIds } },
    }));
  }

  /** The connections that show a thread, with what decides who sees it. */
  async shownBy(tenant: TenantId, connectionIds: readonly string[]): Promise<ReadonlyMap<string, ThreadFacts>> {
    const rows = await this.#in(tenant, (sql) =>
      sql.query<ThreadFacts & { connectionId: string }>(SHOWN, [tenant, connectionIds]),
    );
    return new Map(rows.map(({ connectionId, ...facts }) => [connectionId, facts]));
  }

  presenceIn(tenant: TenantId, threadIds: readonly string[]): Promise<readonly ThreadPresence[]> {
    return this.#in(tenant, async (sql) => {
      const threads = await sql.query<ThreadFacts & { id: string }>(THREADS, [tenant, threadIds]);
      const viewers = await this.presence.viewersOf(threadIds);
      return threads.map(({ id, ...facts }) => ({ threadId: id, facts, viewers: viewers.get(id) ?? [] }));
    });
  }

  /** The numbers that a tenant has, with their areas. */
  numbers(tenant: TenantId): Promise<readonly { readonly phoneNumberId: string; readonly areaId: string | null }[]> {
    return this.#in(tenant, (sql) =>
      sql.query(
        `select phone_number_id as "phoneNumberId", area_id as "areaId" from phone_number where tenant_id = $1::uuid order by 1`,
        [tenant],
      ),
    );
  }

  #in<T>(tenant: TenantId, work: (sql: SqlExecutor) => Promise<T>): Promise<T> {
    return this.scope.run(tenant, () => this.unitOfWork.inBackground(() => this.unitOfWork.runSql(work)));
  }
}

const PARTICIPANTS = `array(select o.user_id from thread_participant o where o.tenant_id = t.tenant_id and o.thread_id = t.id)`;

const EVENTS = `
  select e.seq::float8 as seq, e.name, e.actor, e.user_id as "userId", e.payload, e.occurred_at as "occurredAt", e.thread_id as "threadId",
    e.phone_number_id as "phoneNumberId", p.area_id as "areaId", t.assignee_id as "assigneeId", ${PARTICIPANTS} as "participantIds",
    case when e.name = 'notification' then array(select m.user_id from thread_mute m
      where m.tenant_id = t.tenant_id and m.thread_id = t.id and m.muted_until > $3::timestamptz) else '{}' end as "mutedBy"
  from tenant_event e
  left join thread named on named.tenant_id = e.tenant_id and named.id = e.thread_id
  left join thread t on t.tenant_id = e.tenant_id and t.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
  left join phone_number p on p.tenant_id = e.tenant_id and p.phone_number_id = coalesce(t.phone_number_id, e.phone_number_id)
  where e.tenant_id = $1::uuid and e.seq > $2::bigint order by e.seq limit ${BATCH}`;

const THREADS = `
  select t.id, p.area_id as "areaId", t.assignee_id as "assigneeId", ${PARTICIPANTS} as "participantIds"
  from thread t left join phone_number p on p.tenant_id = t.tenant_id and p.phone_number_id = t.phone_number_id
  where t.tenant_id = $1::uuid and t.id = any($2::uuid[])`;

const SHOWN = `
  select v.connection_id as "connectionId", p.area_id as "areaId", t.assignee_id as "assigneeId", ${PARTICIPANTS} as "participantIds"
  from thread_viewer v
  join thread named on named.tenant_id = v.tenant_id and named.id = v.thread_id
  join thread t on t.tenant_id = v.tenant_id and t.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
  left join phone_number p on p.tenant_id = t.tenant_id and p.phone_number_id = t.phone_number_id
  where v.tenant_id = $1::uuid and v.connection_id = any($2::text[])`;
