import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import {
  type ClaimedDelivery,
  DeliveryQueue,
  type HeldEndpoint,
  type Room,
  type SettledDelivery,
  type Taken,
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
  readonly plannedAt: Date | null;
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
      `select w.id, w.url, case when w.status <> 'removed' and t.status <> 'active' then 'suspended' else w.status end as status,
         w.succeeded_at as "succeededAt", w.failing_since as "failingSince", w.last_failed_at as "lastFailedAt",
         w.exhaustion_told_at as "exhaustionToldAt"
       from webhook_endpoint w join tenant t on t.id = w.tenant_id where w.tenant_id = $1::uuid and w.id = $2::uuid for update of w`,
      [this.scope.tenantId, endpointId],
    );
    return held;
  }

  async take(endpointId: string, limit: number): Promise<Taken> {
    const [taken] = await this.unitOfWork.sql.query<Taken>(TAKE, [
      this.scope.tenantId,
      endpointId,
      this.#now(),
      limit,
      Array.from({ length: limit }, () => newId()),
      ENDPOINT_NEWS,
    ]);
    await this.lines.order(endpointId, taken!.keys);
    return taken!;
  }

  async claim(endpointId: string, { pings, heads }: Room): Promise<readonly ClaimedDelivery[]> {
    const { tenantId } = this.scope;
    const orphans = await this.unitOfWork.sql.query<{ key: string; seq: number | null }>(
      `update webhook_delivery set state = 'pending', lease_until = null
       where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'sending' and lease_until < now()
       returning order_key as key, seq::float8 as seq`,
      [tenantId, endpointId],
    );
    await this.lines.order(endpointId, keysOf(orphans));
    const rows = await this.unitOfWork.sql.query<ClaimedRow>(CLAIM, [tenantId, endpointId, this.#now(), pings, heads]);
    return rows.map((row) => ({
      id: row.id,
      eventId: row.eventId,
      seq: row.seq ?? undefined,
      attempts: row.attempts,
      plannedAt: row.plannedAt ?? undefined,
      event: eventOf(row, endpointId),
    }));
  }

  async settle(endpointId: string, settled: readonly SettledDelivery[]): Promise<void> {
    const column = (value: (row: SettledDelivery) => unknown): unknown[] => settled.map(value);
    // Found by their keys alone, through CASE: a plan that walks the endpoint's waiting ones instead costs as much as there are.
    const rows = await this.unitOfWork.sql.query<{ key: string; seq: number | null }>(
      `update webhook_delivery d set state = s.state, next_at = s.next_at, planned_at = null, attempts = s.attempts, last_status = s.status,
         last_error = s.error, last_took_ms = s.took_ms, lease_until = null, updated_at = $2::timestamptz,
         history = case when s.tried is null then d.history
           else (case when jsonb_array_length(d.history) < ${HISTORY} then d.history else d.history - 0 end) || s.tried end
       from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::int[], $7::int[], $8::text[], $9::int[], $10::jsonb[])
         as s (id, state, next_at, attempts, status, error, took_ms, tried)
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
        column(({ status, error, tookMs }) =>
          tookMs === null ? null : JSON.stringify({ at: this.#now(), status, tookMs, error }),
        ),
      ],
    );
    await this.lines.order(endpointId, keysOf(rows));
  }

  async keep(endpointId: string, { succeededAt, failingSince, lastFailedAt, disabled }: Checkup): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set succeeded_at = $3::timestamptz, failing_since = $4::timestamptz, last_failed_at = $5::timestamptz,
         status = case when $6::boolean then 'disabled' else status end
       where tenant_id = $1::uuid and id = $2::uuid`,
      [
        this.scope.tenantId,
        endpointId,
        succeededAt?.toISOString() ?? null,
        failingSince?.toISOString() ?? null,
        lastFailedAt?.toISOString() ?? null,
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

  async nextDue({ id, status }: HeldEndpoint, notBefore: Date | undefined): Promise<Date | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ due: Date | null }>(NEXT_DUE, [
      this.scope.tenantId,
      id,
      this.#now(),
      status === 'enabled',
      notBefore?.toISOString() ?? null,
    ]);
    return row!.due ?? undefined;
  }

  async hurry(endpointId: string, keys?: readonly string[]): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_delivery set planned_at = next_at, next_at = $3::timestamptz
       where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and next_at > $3::timestamptz
         ${keys ? 'and order_key = any($4::text[])' : ''}`,
      [this.scope.tenantId, endpointId, this.#now(), ...(keys ? [keys] : [])],
    );
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

  async rewind(endpointId: string, since: Date, until: Date | undefined): Promise<number> {
    const { tenantId } = this.scope;
    const [place] = await this.unitOfWork.sql.query<{ skipAfter: number | null; told: number }>(
      `select skip_after::float8 as "skipAfter", coalesce(skip_to, cursor)::float8 as told
       from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid`,
      [tenantId, endpointId],
    );
    const { skipAfter, told } = place!;
    const first = await this.#firstSince(since, told);
    const last = until ? await this.#lastUntil(until, told) : told;
    if (first === undefined || last === undefined || last < first) return 0;
    // A replay that is under way is gone through to its end, too.
    const end = Math.max(last, skipAfter ?? 0);
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set cursor = least(cursor, $3::bigint - 1), skip_after = $4::bigint, skip_to = $5::bigint
       where tenant_id = $1::uuid and id = $2::uuid`,
      [tenantId, endpointId, first, ...(end < told ? [end, told] : [null, null])],
    );
    return last - first + 1;
  }

  async clear(endpointId: string, limit: number): Promise<boolean> {
    const given = [this.scope.tenantId, endpointId];
    const cleared = await this.unitOfWork.sql.query(
      `delete from webhook_delivery where tenant_id = $1::uuid and ctid = any(array(
         select ctid from webhook_delivery where tenant_id = $1::uuid and endpoint_id = $2::uuid limit $3::int)) returning id`,
      [...given, limit],
    );
    if (cleared.length === limit) return true;
    await this.unitOfWork.sql.query('delete from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid', given);
    return false;
  }

  async #firstSince(since: Date, told: number): Promise<number | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ seq: number }>(
      `select seq::float8 as seq from tenant_event where tenant_id = $1::uuid and seq > (${NUMBER_AT}) - ${OUT_OF_TIME}
         and seq <= $2::bigint and occurred_at >= $3::timestamptz order by seq limit 1`,
      [this.scope.tenantId, told, since.toISOString()],
    );
    return row?.seq;
  }

  async #lastUntil(until: Date, told: number): Promise<number | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ seq: number }>(
      `select seq::float8 as seq from tenant_event where tenant_id = $1::uuid and seq < (${NUMBER_AT}) + ${OUT_OF_TIME}
         and seq <= $2::bigint and occurred_at < $3::timestamptz order by seq desc limit 1`,
      [this.scope.tenantId, told, new Date(until.getTime() + 1).toISOString()],
    );
    return row?.seq;
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

/** Attempts that a delivery remembers. */
const HISTORY = 10;

/** How far from the order of their time numbers may stand: events are numbered in the order of their commits. */
const OUT_OF_TIME = 1000;

/**
 * The number, $2 at most, from which on the log tells of $3 or later: found by halving, a score of probes in a log of a million events, where
 * reading it in order would take as long as it is.
 */
const NUMBER_AT = `
  with recursive halving (low, high) as (
    select coalesce((select min(seq) from tenant_event where tenant_id = $1::uuid), $2::bigint + 1), $2::bigint + 1
    union all
    select case when is_before then middle + 1 else low end, case when is_before then high else middle end
    from (
      select low, high, (low + high) / 2 as middle, coalesce((
        select e.occurred_at < $3::timestamptz from tenant_event e
        where e.tenant_id = $1::uuid and e.seq >= (low + high) / 2 order by e.seq limit 1), false) as is_before
      from halving where low < high) probed)
  select low from halving where low >= high limit 1`;

/**
 * Of the log after the endpoint's position: what is not for one user alone, not about endpoints themselves, and asked for. What was made into a
 * delivery before (the position was moved back) is told again. At the end of the log the position is its head, whatever the log has forgotten:
 * it forgets what is oldest, so that is what is missing between the position and the first that it has.
 */
const TAKE = `
  with w as (
    select w.cursor, w.events, w.skip_to, coalesce(w.skip_after, h.seq, 0) as last, coalesce(w.skip_to, h.seq, 0) as then_at
    from webhook_endpoint w left join tenant_event_head h on h.tenant_id = w.tenant_id where w.tenant_id = $1::uuid and w.id = $2::uuid),
  looked as (
    select e.seq, e.id, e.name, e.user_id, e.payload, coalesce(e.thread_id::text, 'customer:' || (e.payload ->> 'customerId'), '') as order_key
    from tenant_event e where e.tenant_id = $1::uuid and e.seq > (select cursor from w) and e.seq <= (select last from w)
    order by e.seq limit $4::int),
  asked as (
    select l.*, row_number() over (order by seq) as n from looked l, w
    where l.user_id is null and (cardinality(w.events) = 0 or l.name = any(w.events))
      and not (l.name = 'notification' and l.payload ->> 'kind' = any($6::text[]))),
  made as (
    insert into webhook_delivery as d (tenant_id, id, endpoint_id, seq, event_id, type, order_key, created_at, updated_at)
    select $1::uuid, ($5::uuid[])[n], $2::uuid, seq, id, name, order_key, $3::timestamptz, $3::timestamptz from asked order by seq
    on conflict (tenant_id, seq, endpoint_id) do update
      set state = 'pending', attempts = 0, next_at = null, planned_at = null, updated_at = excluded.updated_at
      where d.state in ('delivered', 'exhausted', 'cancelled')
    returning order_key),
  found as (select count(*) = $4::int as is_full, min(seq) as first, max(seq) as last from looked),
  moved as (
    update webhook_endpoint e set cursor = case when found.is_full then found.last else greatest(e.cursor, w.then_at) end,
      skip_after = case when found.is_full then e.skip_after end, skip_to = case when found.is_full then e.skip_to end
    from w, found where e.tenant_id = $1::uuid and e.id = $2::uuid)
  select found.is_full or w.skip_to is not null as more, array(select distinct order_key from made) as keys,
    greatest(0, coalesce(found.first - 1, w.last) - w.cursor)::float8 as forgotten
  from w, found`;

/** Pings, and those longest due of the rest; a lease longer than a POST may take. */
const CLAIM = `
  with pings as (
    select id from webhook_delivery
    where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and seq is null
    order by next_at limit $4::int for update),
  heads as (
    select id from webhook_delivery
    where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and next_at <= $3::timestamptz
      and seq <= (select cursor from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid)
    order by next_at limit $5::int for update),
  leased as (
    update webhook_delivery d set state = 'sending', lease_until = now() + interval '30 s'
    from (select id from pings union all select id from heads) due
    where d.tenant_id = $1::uuid and d.id = due.id
    returning d.id, d.event_id, d.seq, d.attempts, d.planned_at, d.created_at)
  select l.id, l.event_id as "eventId", l.seq::float8 as seq, l.attempts, l.planned_at as "plannedAt", l.created_at as "createdAt",
    e.name, e.occurred_at as "occurredAt", e.actor, e.payload
  from leased l left join tenant_event e on e.tenant_id = $1::uuid and e.id = l.event_id`;

/** The log's head counts, too: a turn may end before all of it was taken. Leases are of the machine's time, the rest of the business's. */
const NEXT_DUE = `
  select least(
    (select min(next_at) from webhook_delivery
      where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and seq is null),
    (select greatest(min(next_at), $5::timestamptz) from webhook_delivery
      where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'pending' and next_at is not null and seq is not null and $4::boolean
      having min(next_at) is not null),
    (select $3::timestamptz + (min(lease_until) - now()) from webhook_delivery
      where tenant_id = $1::uuid and endpoint_id = $2::uuid and state = 'sending'),
    (select $3::timestamptz from webhook_endpoint w join tenant_event_head h on h.tenant_id = w.tenant_id
      where w.tenant_id = $1::uuid and w.id = $2::uuid and $4::boolean and w.cursor < h.seq)) as due`;
