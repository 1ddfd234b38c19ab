import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import {
  type ClaimedDelivery,
  DeliveryQueue,
  type HeldEndpoint,
  type SettledDelivery,
} from '../application/deliveries/delivery-queue.js';
import { ENDPOINT_NEWS } from '../application/deliveries/tell-of-endpoints.js';
import { PING, pingOf, toWebhookEvent } from '../application/deliveries/webhook-event.js';
import type { Checkup } from '../domain/endpoint-health.js';
import { DeliveryLines } from './delivery-lines.js';

interface ClaimedRow {
  readonly id: string;
  readonly eventId: string;
  readonly seq: number | null;
  readonly attempts: number;
  readonly createdAt: Date;
  /** Null: the log has forgotten the event. */
  readonly name: string | null;
  readonly occurredAt: Date;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Statements of the queue; all but `ping` are made by whoever has locked the endpoint's row. */
@Injectable()
export class SqlDeliveryQueue extends DeliveryQueue {
  constructor(
    private readonly lines: DeliveryLines,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async hold(endpointId: string): Promise<HeldEndpoint | undefined> {
    const [held] = await this.unitOfWork.sql.query<HeldEndpoint>(
      `select id, url, status, succeeded_at as "succeededAt", failing_since as "failingSince", exhaustion_told_at as "exhaustionToldAt"
       from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid for update`,
      [this.scope.tenantId, endpointId],
    );
    return held;
  }

  async take(endpointId: string, limit: number): Promise<boolean> {
    const [taken] = await this.unitOfWork.sql.query<{ looked: number; keys: string[] }>(TAKE, [
      this.scope.tenantId,
      endpointId,
      this.#now(),
      limit,
      Array.from({ length: limit }, () => newId()),
      ENDPOINT_NEWS,
    ]);
    await this.lines.order(endpointId, taken!.keys);
    return taken!.looked === limit;
  }

  async claim({ id: endpointId, status }: HeldEndpoint, limit: number): Promise<readonly ClaimedDelivery[]> {
    const { tenantId } = this.scope;
    const orphans = await this.unitOfWork.sql.query<{ key: string; seq: number | null }>(
      `update webhook_delivery set state = 'pending', lease_until = null
       where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'sending' and lease_until < now()
       returning order_key as key, seq::float8 as seq`,
      [tenantId, endpointId],
    );
    await this.lines.order(endpointId, keysOf(orphans));
    const rows = await this.unitOfWork.sql.query<ClaimedRow>(CLAIM, [
      tenantId,
      endpointId,
      this.#now(),
      limit,
      status === 'enabled',
    ]);
    return rows.map((row) => ({
      id: row.id,
      eventId: row.eventId,
      seq: row.seq ?? undefined,
      attempts: row.attempts,
      event: eventOf(row, endpointId),
    }));
  }

  async settle(endpointId: string, settled: readonly SettledDelivery[]): Promise<void> {
    const column = (value: (row: SettledDelivery) => unknown): unknown[] => settled.map(value);
    // Found by their keys alone, through CASE: a plan that walks the endpoint's waiting ones instead costs as much as there are.
    const rows = await this.unitOfWork.sql.query<{ key: string; seq: number | null }>(
      `update webhook_delivery d set state = s.state, next_at = s.next_at, attempts = s.attempts, last_status = s.status, last_error = s.error,
         last_took_ms = s.took_ms, lease_until = null, updated_at = $2::timestamptz
       from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::int[], $7::int[], $8::text[], $9::int[])
         as s (id, state, next_at, attempts, status, error, took_ms)
       where d.tenant_id = $1::uuid and d.id = s.id
         and case s.state when 'delivered' then d.state in ('pending', 'sending') else d.state = 'sending' end
       returning d.order_key as key, d.seq::float8 as seq`,
      [
        this.scope.tenantId,
        this.#now(),
        column(({ id }) => id),
        column(({ state }) => state),
        column(({ nextAt }) => nextAt?.toISOString() ?? null),
        column(({ attempts }) => attempts),
        column(({ status }) => status),
        column(({ error }) => error),
        column(({ tookMs }) => tookMs),
      ],
    );
    await this.lines.order(endpointId, keysOf(rows));
  }

  async keep(endpointId: string, { succeededAt, failingSince, disabled }: Checkup): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set succeeded_at = $3::timestamptz, failing_since = $4::timestamptz,
         status = case when $5::boolean then 'disabled' else status end
       where tenant_id = $1::uuid and id = $2::uuid`,
      [
        this.scope.tenantId,
        endpointId,
        succeededAt?.toISOString() ?? null,
        failingSince?.toISOString() ?? null,
        disabled !== undefined,
      ],
    );
  }

  async noteExhaustionTold(endpointId: string): Promise<void> {
    await this.unitOfWork.sql.query(
      'update webhook_endpoint set exhaustion_told_at = $3::timestamptz where tenant_id = $1::uuid and id = $2::uuid',
      [this.scope.tenantId, endpointId, this.#now()],
    );
  }

  async nextDue({ id, status }: HeldEndpoint): Promise<Date | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ due: Date | null }>(NEXT_DUE, [
      this.scope.tenantId,
      id,
      this.#now(),
      status === 'enabled',
    ]);
    return row!.due ?? undefined;
  }

  async ping(endpointId: string, id: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into webhook_delivery (tenant_id, id, endpoint_id, event_id, type, order_key, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, '${PING}', '${PING}:' || $2::text, $5::timestamptz, $5::timestamptz, $5::timestamptz)`,
      [this.scope.tenantId, id, endpointId, newId(), this.#now()],
    );
  }

  repeat(endpointId: string, ids: readonly string[]): Promise<number> {
    return this.lines.repeat(endpointId, `d.id = any($4::uuid[])`, [ids]);
  }

  repeatExhausted(endpointId: string, limit: number): Promise<number> {
    return this.lines.repeat(
      endpointId,
      `d.id in (select e.id from webhook_delivery e
         where e.tenant_id = $1::uuid and e.endpoint_id = $2::uuid and e.state = 'exhausted' and e.seq is not null order by e.seq limit $4::int)`,
      [limit],
    );
  }

  async rewind(endpointId: string, since: Date): Promise<number> {
    const [row] = await this.unitOfWork.sql.query<{ events: number }>(
      `with w as (select cursor from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid),
       first as (
         select e.seq from tenant_event e
         where e.tenant_id = $1::uuid and e.seq <= (select cursor from w) and e.occurred_at >= $3::timestamptz order by e.seq limit 1),
       back as (
         update webhook_endpoint set cursor = first.seq - 1 from first where tenant_id = $1::uuid and id = $2::uuid)
       select coalesce((select w.cursor - first.seq + 1 from w, first), 0)::float8 as events`,
      [this.scope.tenantId, endpointId, since.toISOString()],
    );
    return row!.events;
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}

/** A ping stands in no line. */
function keysOf(rows: readonly { readonly key: string; readonly seq: number | null }[]): string[] {
  return rows.flatMap(({ key, seq }) => (seq === null ? [] : key));
}

function eventOf(row: ClaimedRow, endpointId: string): ClaimedDelivery['event'] {
  if (row.seq === null) return pingOf(row.eventId, endpointId, row.createdAt);
  return row.name === null ? undefined : toWebhookEvent({ ...row, id: row.eventId, name: row.name, seq: row.seq });
}

/**
 * Of the log after the endpoint's position: what is not for one user alone, not about endpoints themselves, and asked for. What was made into a
 * delivery before (the position was moved back) is told again. At the end of the log the position is its head, whatever the log has forgotten.
 */
const TAKE = `
  with w as (select cursor, events from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid),
  looked as (
    select e.seq, e.id, e.name, e.user_id, e.payload, coalesce(e.thread_id::text, 'customer:' || (e.payload ->> 'customerId'), '') as order_key
    from tenant_event e where e.tenant_id = $1::uuid and e.seq > (select cursor from w) order by e.seq limit $4::int),
  asked as (
    select l.*, row_number() over (order by seq) as n from looked l, w
    where l.user_id is null and (cardinality(w.events) = 0 or l.name = any(w.events))
      and not (l.name = 'notification' and l.payload ->> 'kind' = any($6::text[]))),
  made as (
    insert into webhook_delivery as d (tenant_id, id, endpoint_id, seq, event_id, type, order_key, created_at, updated_at)
    select $1::uuid, ($5::uuid[])[n], $2::uuid, seq, id, name, order_key, $3::timestamptz, $3::timestamptz from asked order by seq
    on conflict (tenant_id, seq, endpoint_id) do update set state = 'pending', attempts = 0, next_at = null, updated_at = excluded.updated_at
      where d.state in ('delivered', 'exhausted', 'cancelled')
    returning order_key),
  moved as (
    update webhook_endpoint set cursor = greatest(cursor, case when (select count(*) from looked) < $4::int
      then (select h.seq from tenant_event_head h where h.tenant_id = $1::uuid) else (select max(seq) from looked) end)
    where tenant_id = $1::uuid and id = $2::uuid)
  select (select count(*)::int from looked) as looked, array(select distinct order_key from made) as keys`;

/** Those longest due first; a lease longer than a POST may take. */
const CLAIM = `
  with due as (
    select id from webhook_delivery
    where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and next_at <= $3::timestamptz and ($5::boolean or seq is null)
    order by next_at limit $4::int for update),
  leased as (
    update webhook_delivery d set state = 'sending', lease_until = now() + interval '30 s' from due
    where d.tenant_id = $1::uuid and d.id = due.id
    returning d.id, d.event_id, d.seq, d.attempts, d.created_at)
  select l.id, l.event_id as "eventId", l.seq::float8 as seq, l.attempts, l.created_at as "createdAt",
    e.name, e.occurred_at as "occurredAt", e.actor, e.payload
  from leased l left join tenant_event e on e.tenant_id = $1::uuid and e.id = l.event_id`;

/** The log's head counts, too: a turn may end before all of it was taken. Leases are of the machine's time, the rest of the business's. */
const NEXT_DUE = `
  select least(
    (select min(next_at) from webhook_delivery
      where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and next_at is not null and ($4::boolean or seq is null)),
    (select $3::timestamptz + (min(lease_until) - now()) from webhook_delivery
      where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'sending'),
    (select $3::timestamptz from webhook_endpoint w join tenant_event_head h on h.tenant_id = w.tenant_id
      where w.tenant_id = $1::uuid and w.id = $2::uuid and $4::boolean and w.cursor < h.seq)) as due`;
