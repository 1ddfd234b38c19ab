import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM, tenantId, type TenantId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import {
  type ReplaySelection,
  type ReplaySummary,
  WebhookEvents,
  type WebhookEventView,
  type WebhookSummary,
} from '../../application/inbound/webhook-events.js';
import type { WebhookEventState } from '../../domain/webhook-event.js';
import { CHANGE_LANE, INBOUND_LANE, SPLIT_LANE, STATUS_LANE } from './lane-kinds.js';

/** Events that one transaction of a replay takes. */
const BATCH = 1000;

/** The webhook events in PostgreSQL; row security decides which of them the scope sees. */
@Injectable()
export class SqlWebhookEvents extends WebhookEvents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Counts the exceptions by their partial indexes and all events by an index-only scan: processed is the rest. */
  async summarise(): Promise<WebhookSummary> {
    const [counted] = await this.unitOfWork.sql.query<{
      events: number;
      pending: number;
      unrouted: number;
      quarantined: number;
      unsplit: number;
    }>(
      `select (select count(*) from webhook_event)::int as events,
         ((select count(*) from webhook_event where state = 'pending' and kind = 'message')
           + (select count(*) from webhook_event where state = 'pending' and kind = 'status')
           + (select count(*) from webhook_event where state = 'pending' and kind = 'change'))::int as pending,
         (select count(*) from webhook_event where state = 'unrouted')::int as unrouted,
         (select count(*) from webhook_event where state = 'quarantined')::int as quarantined,
         (select count(*) from webhook_inbox where state = 'pending')::int as unsplit`,
    );
    const { events, pending, unrouted, quarantined, unsplit } = counted!;
    return {
      received: events + unsplit,
      pending: pending + unsplit,
      processed: events - pending - unrouted - quarantined,
      unrouted,
      quarantined,
    };
  }

  async list(
    filter: { state?: WebhookEventState; field?: string; before?: string },
    limit: number,
  ): Promise<WebhookEventView[]> {
    const conditions = ['true'];
    const parameters: unknown[] = [limit];
    const where = (condition: (parameter: string) => string, value: unknown): void =>
      void conditions.push(condition(`$${parameters.push(value)}`));
    if (filter.state) where((p) => `state = ${p}`, filter.state);
    if (filter.field) where((p) => `field = ${p}`, filter.field);
    // Only changes are rare enough in their field to need an index of their own.
    if (filter.field && filter.field !== 'messages') conditions.push(`kind in ('change', 'unreadable')`);
    if (filter.before) where((p) => `id < ${p}::uuid`, filter.before);
    // The platform's list takes the newest of each tenant by the tenants' own index; it reads the table of the tenants module for that.
    const tenants = this.#isPlatform
      ? `select id from tenant union all select '${PLATFORM}'::uuid`
      : `select '${this.scope.tenantId}'::uuid`;
    return this.unitOfWork.sql.query<WebhookEventView>(
      `select event.* from (${tenants}) as own (id) cross join lateral (
         select tenant_id as "tenantId", id, kind, field, state, reason, waba_id as "wabaId", phone_number_id as "phoneNumberId", tries,
                provider_at as "providerAt", received_at as "receivedAt", processed_at as "processedAt"
         from webhook_event where tenant_id = own.id and ${conditions.join(' and ')} order by id desc limit $1::int) as event
       order by event.id desc limit $1::int`,
      parameters,
    );
  }

  async replay(selection: ReplaySelection): Promise<ReplaySummary> {
    let last: string | undefined;
    let replayed = 0;
    let selected = 0;
    for (;;) {
      const ids = await this.unitOfWork.runSql(() => this.#select(selection, last));
      if (ids.length === 0) return { replayed, skipped: selected - replayed };
      replayed += await this.unitOfWork.runSql(async () => (await this.#splitAgain(ids)) + (await this.#makeDue(ids)));
      selected += ids.length;
      last = ids.at(-1);
    }
  }

  async takeUpAgain(eventId: string): Promise<boolean> {
    const [given] = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from webhook_event where tenant_id = $1::uuid and id = $2::uuid and state = 'quarantined' for update`,
      [this.scope.tenantId, eventId],
    );
    return given !== undefined && (await this.#splitAgain([eventId])) + (await this.#makeDue([eventId])) > 0;
  }

  /** Oldest first, so that a replay that is cut off has done the oldest. */
  async #select({ ids, state, since }: ReplaySelection, after: string | undefined): Promise<string[]> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from webhook_event
       where ($1::uuid[] is null or id = any($1)) and ($2::text is null or state = $2) and ($3::timestamptz is null or received_at >= $3)
         and ($4::uuid is null or id > $4) and ($5::uuid is null or tenant_id = $5)
       order by id limit ${BATCH}`,
      [
        ids ?? null,
        state ?? null,
        since?.toISOString() ?? null,
        after ?? null,
        this.#isPlatform ? null : this.scope.tenantId,
      ],
    );
    return rows.map(({ id }) => id);
  }

  /** What could not be routed or read is forgotten and its body taken apart anew; its neighbours are known and stay as they are. */
  async #splitAgain(ids: readonly string[]): Promise<number> {
    const [{ n } = { n: 0 }] = await this.unitOfWork.sql.query<{ n: number }>(
      `with forgotten as (
         delete from webhook_event event using webhook_inbox body
         where event.id = any($1::uuid[]) and body.id = event.inbox_id
           and (event.state = 'unrouted' or (event.state = 'quarantined' and event.subject is null))
         returning event.inbox_id),
       again as (update webhook_inbox set state = 'pending', tries = 0 where id in (select inbox_id from forgotten) returning 1)
       select (select count(*) from forgotten)::int as n, (select count(*) from again)::int as bodies`,
      [ids],
    );
    if (n > 0) await this.lanes.ring(SPLIT_LANE, [{ key: 'all', dueAt: this.clock.now() }]);
    return n;
  }

  async #makeDue(ids: readonly string[]): Promise<number> {
    const rows = await this.unitOfWork.sql.query<{ tenant_id: string; kind: string; key: string; n: number }>(
      `with due as (
         update webhook_event set state = 'pending', tries = 0, next_at = (select business_now()), reason = null
         where id = any($1::uuid[]) and kind in ('message', 'status', 'change') and subject is not null and state in ('processed', 'orphan', 'quarantined')
         returning tenant_id, kind, case kind when 'status' then phone_number_id else subject end as key)
       select tenant_id, kind, key, count(*)::int as n from due group by tenant_id, kind, key`,
      [ids],
    );
    const dueAt = this.clock.now();
    const rings = (kind: string): { key: string; tenantId: TenantId; dueAt: Date }[] =>
      rows
        .filter((row) => row.kind === kind)
        .map((row) => ({ key: row.key, tenantId: tenantId(row.tenant_id), dueAt }));
    await this.lanes.ring(INBOUND_LANE, rings('message'));
    await this.lanes.ring(STATUS_LANE, rings('status'));
    await this.lanes.ring(CHANGE_LANE, rings('change'));
    return rows.reduce((sum, { n }) => sum + n, 0);
  }

  get #isPlatform(): boolean {
    return this.scope.tenantId === PLATFORM;
  }
}
