import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { TenantId } from '../../kernel/ids.js';
import { type ClaimedLane, LEASE_SECONDS, type LaneTable } from './lane-table.js';
import { Setbacks } from './setbacks.js';

/** The longest time for which a due lane can stay unnoticed when its wake-up was lost. */
export const SWEEP_MS = 5000;
const RETRY_MS = 1000;

interface Places {
  readonly concurrency: number;
  readonly concurrencyPerTenant: number;
}

type Drain = (lane: ClaimedLane, signal: AbortSignal) => Promise<Date | undefined>;

/**
 * Keeps up to `concurrency` lanes of one kind in the works: claims while there is room and something is due, sleeps until a
 * wake-up, the next due time or the sweep, whichever comes first.
 */
export class LaneLoop {
  readonly #logger: Logger;
  readonly #running = new Map<string, { lane: ClaimedLane; abort: AbortController; done: Promise<void> }>();
  readonly #setbacks = new Setbacks();
  #stopping = false;
  #finished: Promise<void> = Promise.resolve();
  #poked = true;
  #wake: () => void = () => undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #leasedAt = 0;

  constructor(
    private readonly kind: string,
    private readonly table: LaneTable,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly drain: Drain,
  ) {
    this.#logger = new Logger(`Lane ${kind}`);
  }

  start(): void {
    this.#leasedAt = performance.now();
    this.#finished = this.#run();
    this.#heartbeat = setInterval(() => void this.#extendLeases(), (LEASE_SECONDS * 1000) / 3).unref();
  }

  /** Claims nothing more, tells running drains to finish, and resolves when they have. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#running.forEach(({ abort }) => abort.abort());
    this.poke();
    await this.#finished;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    clearInterval(this.#heartbeat);
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** Drains that ended with an error. */
  get failures(): number {
    return this.#setbacks.total;
  }

  poke(): void {
    this.#poked = true;
    this.#wake();
  }

  /** A busy process leaves the wake-up to another one until it has room itself. */
  async pokeWhenRoom(): Promise<void> {
    while (!this.#stopping && this.#running.size >= this.places.concurrency)
      await Promise.race([...this.#running.values()].map(({ done }) => done));
    this.poke();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#poked = false;
      const pause = await this.#turn().catch((error: unknown) => {
        this.#logger.warn(`Lanes cannot be claimed: ${error instanceof Error ? error.message : String(error)}`);
        return RETRY_MS;
      });
      await this.#sleep(pause);
    }
  }

  /** Claims what is due. @returns milliseconds until there may be more */
  async #turn(): Promise<number> {
    const room = this.places.concurrency - this.#running.size;
    if (room === 0) return SWEEP_MS;
    // Whoever might get beyond its places comes after the others, with no more than it may still have.
    const most = Math.min(room, this.places.concurrencyPerTenant);
    const left = [...this.#leftToTenants()];
    const near = left.filter(([, places]) => places > 0 && places < most);
    const full = left.filter(([, places]) => places <= 0).map(([tenant]) => tenant);
    const first = await this.#claim(most, [...full, ...near.map(([tenant]) => tenant)]);
    const few = Math.min(room - first, ...near.map(([, places]) => places));
    const second = near.length > 0 && few > 0 ? await this.#claim(few, full) : 0;
    if (first + second === room) return SWEEP_MS;
    if (first === most || second === few) return 0;
    const due = await this.table.nextDue(this.kind, full);
    return due ? Math.min(SWEEP_MS, Math.max(0, due.getTime() - this.clock.now().getTime())) : SWEEP_MS;
  }

  /** @param notOf tenants that get none @returns how many were claimed */
  async #claim(limit: number, notOf: readonly TenantId[]): Promise<number> {
    const claimed = await this.table.claim(this.kind, limit, notOf);
    claimed.forEach((lane) => this.#start(lane));
    return claimed.length;
  }

  /** How many places each tenant that has some may still have. */
  #leftToTenants(): Map<TenantId, number> {
    const left = new Map<TenantId, number>();
    for (const { lane } of this.#running.values())
      if (lane.tenantId) left.set(lane.tenantId, (left.get(lane.tenantId) ?? this.places.concurrencyPerTenant) - 1);
    return left;
  }

  #start(lane: ClaimedLane): void {
    const abort = new AbortController();
    const done = this.drain(lane, abort.signal)
      .then((dueAt) => {
        this.#setbacks.clear(lane.key);
        return dueAt;
      })
      .catch((error: unknown) => {
        this.#logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return new Date(this.clock.now().getTime() + this.#setbacks.add(lane.key));
      })
      .then((dueAt) => this.table.release(lane, dueAt))
      // The lease runs out by itself when the release cannot be written.
      .catch((error: unknown) =>
        this.#logger.warn(`Lane not given back: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => {
        this.#running.delete(lane.token);
        this.poke();
      });
    this.#running.set(lane.token, { lane, abort, done });
  }

  async #extendLeases(): Promise<void> {
    if (this.#running.size === 0) return;
    const asked = performance.now();
    const held = await this.table.extend([...this.#running.keys()]).catch(() => undefined);
    if (held) this.#leasedAt = asked;
    // A lease that could not be extended for most of its life may already be another's.
    const doubtful = !held && asked - this.#leasedAt > LEASE_SECONDS * 700;
    this.#running.forEach(({ abort }, token) => {
      if (doubtful || (held && !held.has(token))) abort.abort();
    });
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#poked || this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
