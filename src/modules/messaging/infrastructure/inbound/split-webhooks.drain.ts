import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../../../../kernel/clock.js';
import type { TenantId } from '../../../../kernel/ids.js';
import { isTransient, isUnavailable } from '../../../../platform/database/database-errors.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import { TenantDirectory } from '../../../../platform/database/tenant-directory.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { CHANGE_LANE, INBOUND_LANE, SPLIT_LANE, STATUS_LANE } from './lane-kinds.js';
import { splitWebhook, unreadable } from './split-webhook.js';
import { UnroutedEvents } from './unrouted-events.js';
import { insertEvents, refused, route, type RoutedItem, type StoredPending } from './webhook-event-rows.js';

/** Webhooks, and bytes of them, that one transaction takes apart. */
const BATCH = 500;
const BATCH_BYTES = 8_000_000;
/** A lone webhook waits for nothing; the next ones are left so long to gather, since a transaction costs the same for one and for many. */
const GATHER_MS = 10;
/** Deaths of the process over one body after which it is left alone (F07). */
const DEATHS = 3;

interface StoredBody {
  id: string;
  raw: Buffer;
  received_at: Date;
  tries: number;
}

/** Takes stored webhooks apart into events and rings the lanes that act on them (reliability 2.2). */
@Injectable()
@DrainsLane(SPLIT_LANE)
export class SplitWebhooks extends LaneDrain {
  readonly concurrency = 2;
  readonly #logger = new Logger(SplitWebhooks.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: TenantDirectory,
    private readonly unrouted: UnroutedEvents,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ key, deaths, signal }: LaneTurn): Promise<Date | undefined> {
    if (key !== 'all') return this.unrouted.splitAgain(key);
    if (deaths > 0) return this.#carefully(signal);
    for (let taken = await this.#splitSome(BATCH); taken > 0 && !signal.aborted; taken = await this.#splitSome(BATCH)) {
      if (taken < BATCH) await delay(GATHER_MS);
    }
    return undefined;
  }

  /** After a death: one body at a time, counted before it is touched, so that the one that kills is known and left alone. */
  async #carefully(signal: AbortSignal): Promise<Date> {
    for (let n = 0; n < BATCH && !signal.aborted; n++) {
      await this.unitOfWork.runSql((sql) =>
        sql.query(
          `update webhook_inbox set tries = tries + 1 where id = (select id from webhook_inbox where state = 'pending' order by id limit 1)`,
        ),
      );
      if ((await this.#splitSome(1)) === 0) break;
    }
    return this.clock.now();
  }

  async #splitSome(limit: number): Promise<number> {
    try {
      return await this.unitOfWork.runSql(async (sql) => this.#store(sql, await claim(sql, limit)));
    } catch (error) {
      if (isTransient(error) || isUnavailable(error)) throw error;
      this.#logger.warn(
        `A batch of webhooks was refused, each item is stored by itself: ${error instanceof Error ? error.message : String(error)}`,
      );
      return this.unitOfWork.runSql(async (sql) => this.#storeEach(sql, await claim(sql, limit)));
    }
  }

  async #store(sql: SqlExecutor, bodies: readonly StoredBody[]): Promise<number> {
    if (bodies.length > 0) await this.#finish(sql, bodies, await insertEvents(sql, await this.#routed(bodies)));
    return bodies.length;
  }

  /** One bad item does not sink its batch (F16): each has a savepoint, and what is refused is kept without its content. */
  async #storeEach(sql: SqlExecutor, bodies: readonly StoredBody[]): Promise<number> {
    const pending: StoredPending[] = [];
    for (const routed of await this.#routed(bodies)) {
      await sql.query('savepoint item');
      try {
        pending.push(...(await insertEvents(sql, [routed])));
      } catch (error) {
        if (isTransient(error) || isUnavailable(error)) throw error;
        await sql.query('rollback to savepoint item');
        await insertEvents(sql, [refused(routed, error)]);
      }
    }
    await this.#finish(sql, bodies, pending);
    return bodies.length;
  }

  async #finish(sql: SqlExecutor, bodies: readonly StoredBody[], pending: readonly StoredPending[]): Promise<void> {
    await sql.query(`update webhook_inbox set state = 'split' where id = any($1::bigint[])`, [
      bodies.map(({ id }) => id),
    ]);
    const now = this.clock.now();
    for (const [kind, lane] of [
      ['message', INBOUND_LANE],
      ['status', STATUS_LANE],
      ['change', CHANGE_LANE],
    ] as const) {
      const rung = pending.filter((event) => event.kind === kind);
      await this.lanes.ring(
        lane,
        rung.map(({ key, tenantId }) => ({ key, tenantId, dueAt: now })),
      );
    }
  }

  async #routed(bodies: readonly StoredBody[]): Promise<RoutedItem[]> {
    const items = bodies.flatMap(({ id, raw, received_at: receivedAt, tries }) => {
      const split =
        tries > DEATHS ? [unreadable(raw, 'the process died each time that it was read')] : splitWebhook(raw);
      return split.map((item) => ({ item, inboxId: id, receivedAt }));
    });
    const ids = (of: (routed: (typeof items)[number]) => string | undefined): string[] => [
      ...new Set(items.map(of).filter((id) => id !== undefined)),
    ];
    const numbers = await this.directory.findMany(
      'phone_number',
      ids(({ item }) => item.phoneNumberId),
    );
    const accounts = await this.directory.findMany(
      'waba',
      ids(({ item }) => (item.phoneNumberId === undefined ? item.wabaId : undefined)),
    );
    const suspended = await this.#suspended([...numbers.values(), ...accounts.values()]);
    return items.map((placed) => ({ ...placed, ...route(placed.item, { numbers, accounts, suspended }) }));
  }

  /** Reads the table of the tenants module: whether a tenant may work is decided there. */
  async #suspended(tenants: readonly TenantId[]): Promise<Set<string>> {
    if (tenants.length === 0) return new Set();
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from tenant where id = any($1::uuid[]) and status = 'suspended'`,
      [[...new Set(tenants)]],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/**
 * Locks the oldest bodies, as many as one transaction should hold. Two plain statements by index: whatever the statistics say of a
 * table that was empty a moment ago, a flood must not end in a bad plan.
 */
async function claim(sql: SqlExecutor, limit: number): Promise<StoredBody[]> {
  const sizes = await sql.query<{ id: string; bytes: number }>(
    `select id, octet_length(raw) as bytes from webhook_inbox where state = 'pending' order by id limit $1`,
    [limit],
  );
  const ids: string[] = [];
  for (let index = 0, bytes = 0; index < sizes.length; index++) {
    bytes += sizes[index]!.bytes;
    if (index > 0 && bytes > BATCH_BYTES) break;
    ids.push(sizes[index]!.id);
  }
  if (ids.length === 0) return [];
  const bodies = await sql.query<StoredBody>(
    `select id, raw, received_at, tries from webhook_inbox where id = any($1::bigint[]) and state = 'pending' for update skip locked`,
    [ids],
  );
  return bodies.sort((a, b) => Number(a.id) - Number(b.id));
}
