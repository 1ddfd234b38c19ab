import {
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DatabasePools } from '../database/pools.js';

const REFRESH_MS = 200;
const STEP_WITHIN_MS = 30_000;

/**
 * The sandbox's business clock: the wall clock plus an offset that lives in the database, so that every process and every
 * statement (`business_now()`) agrees on it. It only moves forward.
 */
@Injectable()
export class VirtualClock extends Clock implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  readonly #logger = new Logger(VirtualClock.name);
  readonly #settlers: (() => Promise<void>)[] = [];
  readonly #listeners: (() => void)[] = [];
  #passedOver: readonly string[] = [];
  #offsetMs = 0;
  #refresh: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(private readonly pools: DatabasePools) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  async onModuleInit(): Promise<void> {
    await this.catchUp();
    this.#refresh = setInterval(() => void this.catchUp().catch(() => undefined), REFRESH_MS).unref();
  }

  /** An advance goes no further: the work that it waits for is not going to be done here. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  onApplicationShutdown(): void {
    clearInterval(this.#refresh);
  }

  /** Somebody whose own work must be done before the clock passes a due instant (the sandbox's phones). */
  settleBeforeEachStep(settle: () => Promise<void>): void {
    this.#settlers.push(settle);
  }

  /** Somebody who sleeps until an instant, which may be here at once; called in every process within a moment. */
  whenMoved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Kinds of lanes that do not make it stop. What is due of them is waited for where it stops for others. */
  passOver(laneKinds: readonly string[]): void {
    this.#passedOver = laneKinds;
  }

  /** Reads what the database goes by: this process learns of a move a moment after the statements that make work due. */
  async catchUp(): Promise<void> {
    const { rows } = await this.pools.requests.query<{ offset_ms: string }>(
      'select offset_ms from business_clock where id = 1',
    );
    const offsetMs = Number(rows[0]?.offset_ms ?? 0);
    if (offsetMs <= this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    this.#listeners.forEach((listener) => listener());
  }

  /** Moves to `target`, stopping at every instant at which a lane falls due until its work is done. */
  async advance(target: Date): Promise<void> {
    await this.#settle();
    for (let due = await this.#nextDue(target); due; due = await this.#nextDue(target)) {
      await this.#moveTo(due);
      await this.#settle();
    }
    if (this.#stopping) return;
    await this.#moveTo(target);
    await this.#settle();
  }

  async #moveTo(instant: Date): Promise<void> {
    const offsetMs = Math.max(this.#offsetMs, instant.getTime() - Date.now());
    await this.pools.requests.query('update business_clock set offset_ms = greatest(offset_ms, $1) where id = 1', [
      Math.ceil(offsetMs),
    ]);
    await this.catchUp();
  }

  async #nextDue(target: Date): Promise<Date | undefined> {
    if (this.#stopping) return undefined;
    const { rows } = await this.pools.requests.query<{ due: Date | null }>(
      `select min(due_at) as due from (select kind, due_at from lane union all select kind, due_at from lane_ring) work
       where due_at > business_now() and due_at <= $1 and kind <> all($2::text[])`,
      [target, this.#passedOver],
    );
    return rows[0]?.due ?? undefined;
  }

  /** Waits until nothing that is due by now is left undone. */
  async #settle(): Promise<void> {
    const deadline = performance.now() + STEP_WITHIN_MS;
    while (performance.now() < deadline) {
      if (!(await this.#isBusy())) {
        // What they have to tell may be work again.
        await Promise.all(this.#settlers.map((settle) => settle()));
        if (!(await this.#isBusy())) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#logger.warn('The clock goes on although some due work is not done');
  }

  async #isBusy(): Promise<boolean> {
    if (this.#stopping) return false;
    const { rows } = await this.pools.requests.query<{ busy: boolean }>(
      `select exists (select from lane where lease_until > now() or due_at <= business_now())
           or exists (select from lane_ring where due_at <= business_now()) as busy`,
    );
    return rows[0]!.busy;
  }
}
