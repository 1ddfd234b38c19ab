import { SystemClock } from '../clock/system-clock.js';
import type { Config } from '../config/config.js';
import type { DatabasePools } from '../database/pools.js';
import { findUnsafePowers } from '../database/row-security-check.js';
import type { Finding } from './finding.js';
import { missingMigrations } from './readiness.js';

const OLDEST_VERSION = 150_000;
const CLOCKS_APART_WARN_MS = 2000;
const CLOCKS_APART_FAIL_MS = 60_000;

/** The database as the application's role sees it. A failure about `database` means that nothing more can be asked. */
export async function* examineDatabase(pools: DatabasePools, config: Config): AsyncGenerator<Finding> {
  const settings = await settingsOf(pools).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (settings instanceof Error) {
    yield {
      level: 'fail',
      about: 'database',
      says: `DATABASE_URL cannot be reached: ${settings.message || settings.name}`,
    };
    return;
  }
  yield settings.version < OLDEST_VERSION
    ? {
        level: 'fail',
        about: 'database version',
        says: `PostgreSQL 15 or newer is needed, this is ${Math.floor(settings.version / 10_000)}`,
      }
    : { level: 'ok', about: 'database', says: `PostgreSQL ${Math.floor(settings.version / 10_000)} answers` };
  if (settings.commit === 'off') {
    yield {
      level: 'fail',
      about: 'durability',
      says: 'synchronous_commit is off: a webhook that was answered 200 could be lost. Set it to on',
    };
  }

  const powers = await findUnsafePowers(pools);
  for (const says of powers) yield { level: 'fail', about: 'row security', says };
  if (powers.length === 0)
    yield {
      level: 'ok',
      about: 'row security',
      says: 'forced on every table of a tenant; the role owns nothing and cannot bypass it',
    };

  yield await migrations(pools);
  yield await search(pools);
  yield clocks(settings.apartMs);
  if (settings.offsetMs !== 0 && config.NODE_ENV === 'production') {
    yield {
      level: 'fail',
      about: 'clock',
      says: `the business clock is ${Math.round(settings.offsetMs / 1000)} s ahead: a sandbox has moved it in this database`,
    };
  }
}

async function migrations(pools: DatabasePools): Promise<Finding> {
  const missing = await missingMigrations(pools).catch(() => undefined);
  if (missing?.length === 0) return { level: 'ok', about: 'migrations', says: 'all are applied' };
  return {
    level: 'fail',
    about: 'migrations',
    says: `${missing ? missing.join(', ') : 'none'} ${missing ? 'not applied' : 'can be seen'}: run "npm run migrate"`,
  };
}

/** Search under row security uses its indexes only when ILIKE is leakproof (docs/decisions/0005). */
async function search(pools: DatabasePools): Promise<Finding> {
  const { rows } = await pools.requests.query<{ fast: boolean }>(
    `select coalesce(bool_and(proleakproof), false) as fast from pg_proc where proname = 'texticlike' and pronamespace = 'pg_catalog'::regnamespace`,
  );
  return rows[0]?.fast
    ? { level: 'ok', about: 'search', says: 'ILIKE is leakproof: searches use their indexes' }
    : {
        level: 'warn',
        about: 'search',
        says: 'ILIKE is not leakproof: searches read every message. Let a superuser run "ALTER FUNCTION pg_catalog.texticlike(text, text) LEAKPROOF" in this database',
      };
}

function clocks(apartMs: number): Finding {
  const says = `this machine and the database are ${Math.abs(Math.round(apartMs))} ms apart`;
  if (Math.abs(apartMs) > CLOCKS_APART_FAIL_MS)
    return {
      level: 'fail',
      about: 'clock',
      says: `${says}: access tokens and windows go wrong. Synchronise them (NTP)`,
    };
  return { level: Math.abs(apartMs) > CLOCKS_APART_WARN_MS ? 'warn' : 'ok', about: 'clock', says };
}

interface Settings {
  readonly version: number;
  readonly commit: string;
  /** The sandbox's offset of the business clock. */
  readonly offsetMs: number;
  /** This machine's clock minus the database's, give or take half a round trip. */
  readonly apartMs: number;
}

async function settingsOf(pools: DatabasePools): Promise<Settings> {
  const clock = new SystemClock();
  const { rows: tables } = await pools.requests.query<{ clock: boolean }>(
    `select to_regclass('public.business_clock') is not null as clock`,
  );
  const asked = clock.now().getTime();
  const { rows } = await pools.requests.query<{ version: number; commit: string; now: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('synchronous_commit') as commit, extract(epoch from clock_timestamp())::text as now`,
  );
  const middle = (asked + clock.now().getTime()) / 2;
  const { version, commit, now } = rows[0]!;
  const { rows: offsets } = tables[0]!.clock
    ? await pools.requests.query<{ ms: string }>('select offset_ms as ms from business_clock')
    : { rows: [] };
  return { version, commit, offsetMs: Number(offsets[0]?.ms ?? 0), apartMs: middle - Number(now) * 1000 };
}
