import { Injectable } from '@nestjs/common';
import { PLATFORM, tenantId, type TenantId } from '../../kernel/ids.js';
import { DatabasePools } from '../database/pools.js';
import { NaturalBatch } from '../queue/natural-batch.js';
import { Turns } from './turns.js';

export interface ClaimedLane {
  readonly kind: string;
  readonly key: string;
  readonly tenantId: TenantId | undefined;
  readonly token: string;
  readonly deaths: number;
}

interface Release {
  readonly lane: ClaimedLane;
  readonly dueAt: Date | undefined;
}

interface TakenRow {
  key: string;
  tenant_id: string | null;
  drain_token: string;
  deaths: number;
}

/** Seconds for which a claim holds without a sign of life. Longer than any POST's deadline (reliability 2.5). */
export const LEASE_SECONDS = 30;

/** The statements of the lanes: set-based, each its own transaction; the tables hold no merchant's data and have no row security. */
@Injectable()
export class LaneTable {
  readonly #releases = new NaturalBatch<Release, void>((releases) => this.#release(releases));

  readonly #turns = new Map<string, Turns>();

  constructor(private readonly pools: DatabasePools) {}

  /**
   * Folds due rings into lanes, then claims up to `limit` due lanes. While there are more of them than are claimed at once, tenants take turns,
   * so that one with a hundred thousand lanes keeps nobody waiting (F54); else, and for a part of the claims in any case, the longest due is first.
   * @param full tenants that get none
   */
  async claim(kind: string, limit: number, full: readonly TenantId[] = []): Promise<ClaimedLane[]> {
    await this.#fold(kind);
    const turns = this.#turnsOf(kind);
    const inTurn = turns.areDue() ? await this.#nextInTurn(kind, turns, limit, full) : [];
    const taken = inTurn.length > 0 ? await this.#take(IN_TURN, [kind, limit, LEASE_SECONDS, inTurn]) : [];
    const rest = limit - taken.length;
    const longestDue = rest > 0 ? await this.#take(LONGEST_DUE, [kind, rest, LEASE_SECONDS, full]) : [];
    turns.isCrowded = taken.length + longestDue.length === limit;
    return [...taken, ...longestDue].map((row) => ({
      kind,
      key: row.key,
      tenantId: row.tenant_id === null ? undefined : tenantId(row.tenant_id),
      token: row.drain_token,
      deaths: row.deaths,
    }));
  }

  /** Extends the leases of running drains. @returns the tokens that still hold */
  async extend(tokens: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.pools.background.query<{ drain_token: string }>(
      `update lane set lease_until = now() + make_interval(secs => $2) where drain_token = any($1::uuid[]) returning drain_token`,
      [tokens, LEASE_SECONDS],
    );
    return new Set(rows.map((row) => row.drain_token));
  }

  /** Ends a turn. A ring that came meanwhile, or `dueAt`, keeps the lane; otherwise its row goes. */
  release(lane: ClaimedLane, dueAt: Date | undefined): Promise<void> {
    return this.#releases.add({ lane, dueAt });
  }

  /** When the next lane of the kind falls due (business time), `undefined` when none will. Those of `full` tenants wait for something else. */
  async nextDue(kind: string, full: readonly TenantId[] = []): Promise<Date | undefined> {
    const { rows } = await this.pools.background.query<{ due: Date | null }>(
      `select least(
         (select min(due_at) from lane where kind = $1 and lease_until is null and ${isNotOf('$2')}),
         (select min(due_at) from lane_ring where kind = $1)) as due`,
      [kind, full],
    );
    return rows[0]?.due ?? undefined;
  }

  // A statement of its own: the claim must see the rows that it wrote. A death between them loses nothing.
  async #fold(kind: string): Promise<void> {
    await this.pools.background.query(
      `with rung as (
         delete from lane_ring where id in (
           select id from lane_ring where kind = $1 and due_at <= business_now() order by due_at limit 5000 for update skip locked)
         returning key, tenant_id, due_at)
       insert into lane (kind, key, tenant_id, due_at)
       select $1, key, (array_agg(tenant_id))[1], min(due_at) from rung group by key order by key
       on conflict (kind, key) do update set due_at = least(lane.due_at, excluded.due_at)`,
      [kind],
    );
  }

  /** The longest due lane of each of the tenants whose turn is next, going round. @returns their keys */
  async #nextInTurn(kind: string, turns: Turns, limit: number, full: readonly string[]): Promise<string[]> {
    const after = async (tenant: string, count: number): Promise<{ key: string; tenant_id: string }[]> =>
      (await this.pools.background.query<{ key: string; tenant_id: string }>(TENANTS_IN_TURN, [kind, tenant, count]))
        .rows;
    const count = limit + full.length;
    const ahead = await after(turns.last, count);
    const around = ahead.length < count ? await after(PLATFORM, count - ahead.length) : [];
    const found = [...new Map([...ahead, ...around].map((row) => [row.tenant_id, row])).values()];
    turns.went(found.map(({ tenant_id }) => tenant_id));
    return found.filter(({ tenant_id }) => !full.includes(tenant_id)).map(({ key }) => key);
  }

  async #take(statement: string, parameters: unknown[]): Promise<TakenRow[]> {
    return (await this.pools.background.query<TakenRow>(statement, parameters)).rows;
  }

  #turnsOf(kind: string): Turns {
    const turns = this.#turns.get(kind) ?? new Turns();
    this.#turns.set(kind, turns);
    return turns;
  }

  async #release(releases: readonly Release[]): Promise<void[]> {
    const parameters = [
      releases.map(({ lane }) => lane.token),
      releases.map(({ dueAt }) => dueAt?.toISOString() ?? null),
    ];
    // The delete comes second and looks again: a ring folded in between keeps its lane.
    await this.pools.background.query(
      `update lane set drain_token = null, lease_until = null, deaths = 0, due_at = least(lane.due_at, done.due_at)
       from unnest($1::uuid[], $2::timestamptz[]) as done (token, due_at)
       where lane.drain_token = done.token`,
      parameters,
    );
    await this.pools.background.query(
      `delete from lane where (kind, key) in (
         select kind, key from lane where due_at is null and lease_until is null order by kind, key limit 5000 for update skip locked)`,
    );
    return releases.map(() => undefined);
  }
}

const take = (chosen: string): string => `
  update lane set drain_token = gen_random_uuid(), due_at = null, lease_until = now() + make_interval(secs => $3),
    deaths = deaths + (lease_until is not null)::int
  where (kind, key) in (
    select kind, key from lane where kind = $1 and ${chosen} limit $2 for update skip locked)
  returning key, tenant_id, drain_token, deaths`;

const isNotOf = (tenants: string): string => `(tenant_id is null or tenant_id <> all(${tenants}::uuid[]))`;

// Those whose drain has died are first.
const LONGEST_DUE = take(
  `((lease_until is null and due_at <= business_now()) or lease_until < now()) and ${isNotOf('$4')} order by due_at nulls first`,
);
const IN_TURN = take('key = any($4::text[]) and lease_until is null and due_at <= business_now()');

// Hops from tenant to tenant along lane_turn, one probe each, however many lanes they have.
const nextAfter = (tenant: string): string => `
  select l.tenant_id, l.key from lane l
  where l.kind = $1 and l.lease_until is null and l.due_at <= (select business_now()) and l.tenant_id > ${tenant}
  order by l.tenant_id, l.due_at limit 1`;
const TENANTS_IN_TURN = `
  with recursive turn as (
    (select first.*, 1 as n from (${nextAfter('$2::uuid')}) first)
    union all
    select next.*, turn.n + 1 from turn cross join lateral (${nextAfter('turn.tenant_id')}) next where turn.n < $3::int)
  select tenant_id, key from turn`;
