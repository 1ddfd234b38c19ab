import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabasePools } from '../database/pools.js';
import { QueueProbe } from './queue-probe.js';
import { within } from './within.js';

/** `failed` takes the process out of service; `degraded` does not: it works on, slower. */
export type CheckResult = 'ok' | 'degraded' | 'failed';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: {
    readonly database: CheckResult;
    readonly migrations: CheckResult;
    readonly queue: CheckResult;
    readonly lifecycle: CheckResult;
  };
}

/** Milliseconds in which the database answers, or is taken for down. */
const DATABASE_WITHIN_MS = 800;

/** Whether this process should be given work. */
@Injectable()
export class ReadinessProbe implements OnApplicationBootstrap, OnModuleDestroy {
  #running = false;
  #migrated = false;

  constructor(
    private readonly pools: DatabasePools,
    private readonly queue: QueueProbe,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = true;
  }

  /** The first step of stopping: a balancer looks elsewhere while the work at hand is finished (reliability 2.12). */
  onModuleDestroy(): void {
    this.#running = false;
  }

  async check(): Promise<Readiness> {
    const [database, migrations, queue] = await Promise.all([
      this.database(),
      this.#migrations(),
      this.queue.isReachable(),
    ]);
    const checks = {
      database: database ? 'ok' : 'failed',
      migrations: migrations ? 'ok' : 'failed',
      // Wake-ups may be lost: the sweep of the lanes goes on without them (reliability 2.6).
      queue: queue ? 'ok' : 'degraded',
      lifecycle: this.#running ? 'ok' : 'failed',
    } as const;
    return { ready: !Object.values<CheckResult>(checks).includes('failed'), checks };
  }

  async database(): Promise<boolean> {
    return within(DATABASE_WITHIN_MS, this.pools.requests.query('select 1')).then(
      () => true,
      () => false,
    );
  }

  /** Asked until the answer is yes: migrations are not taken back. */
  async #migrations(): Promise<boolean> {
    this.#migrated ||= (await missingMigrations(this.pools).catch(() => undefined))?.length === 0;
    return this.#migrated;
  }
}

/** Names of the migrations that this version comes with and the database has not seen. */
export async function missingMigrations(pools: DatabasePools): Promise<string[]> {
  const { rows } = await within(
    DATABASE_WITHIN_MS,
    pools.requests.query<{ name: string }>('select applied_migrations() as name'),
  );
  const applied = new Set(rows.map(({ name }) => name));
  return deliveredMigrations().filter((name) => !applied.has(name));
}

/** The folder lies beside `src`, and beside `dist` where the program is built. */
function deliveredMigrations(): string[] {
  for (let directory = import.meta.dirname; directory !== dirname(directory); directory = dirname(directory)) {
    const migrations = join(directory, 'prisma', 'migrations');
    if (existsSync(join(migrations, 'migration_lock.toml'))) {
      return readdirSync(migrations, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    }
  }
  return [];
}
