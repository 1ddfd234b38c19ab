/**
 * Durable webhook ingest: the whole application beside a bare server that batches as it does, and one that inserts each webhook by
 * itself, in the same run (performance.md). The table goes into docs/benchmarks.md by hand, with what limits it.
 */
import pg from 'pg';
import { load, median, newWamid, signedRequest, statusWebhook, type LoadResult } from './webhooks/load.ts';
import { startApplication, startServer, type Server } from './webhooks/servers.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const CONNECTIONS = 64;
const PLACE = { wabaId: '100000000001', phoneNumberId: '200000000001' };

const VARIANTS: Record<string, () => Promise<Server>> = {
  'bare node:http, one INSERT each': () => startServer('bench/webhooks/reference-server.ts', ['single'], process.env),
  'bare node:http, natural batch': () => startServer('bench/webhooks/reference-server.ts', ['batched'], process.env),
  'NoDue, ROLE=api': () => startApplication('api', process.env),
  'NoDue, ROLE=all, taking the webhooks apart meanwhile': () => startApplication('all', process.env),
};
const REFERENCE = 'bare node:http, natural batch';
const SINGLE = 'bare node:http, one INSERT each';

const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
await owner.connect();
const requests = Array.from({ length: 20_000 }, () =>
  signedRequest(statusWebhook(PLACE, newWamid()), process.env.META_APP_SECRET ?? ''),
);
const results = new Map<string, LoadResult[]>(Object.keys(VARIANTS).map((name) => [name, []]));
for (let round = 1; round <= ROUNDS; round++) {
  for (const [name, start] of Object.entries(VARIANTS)) {
    await owner.query('truncate webhook_inbox, webhook_event, lane_ring, lane');
    await owner.query('checkpoint').catch(() => undefined);
    const server = await start();
    await load(server.port, requests, CONNECTIONS, 1500);
    const result = await load(server.port, requests, CONNECTIONS, SECONDS * 1000);
    await server.stop();
    results.get(name)!.push(result);
    console.log(`round ${round}: ${name}: ${format(result)}`);
  }
}
await owner.query('truncate webhook_inbox, webhook_event, lane_ring, lane');
await owner.end();

const of = (name: string): number => median(results.get(name)!.map(({ perSecond }) => perSecond));
const rows = [...results].map(([name, rounds]) =>
  [
    name,
    Math.round(of(name)).toLocaleString('en'),
    median(rounds.map(({ p50 }) => p50)).toFixed(1),
    median(rounds.map(({ p99 }) => p99)).toFixed(1),
    `${Math.round((100 * of(name)) / of(REFERENCE))} %`,
    (of(name) / of(SINGLE)).toFixed(2),
  ].join(' | '),
);
const table = [
  '| server | webhooks a second | p50 ms | p99 ms | of the bare batched one | times one INSERT each |',
  '|---|---|---|---|---|---|',
  ...rows.map((row) => `| ${row} |`),
].join('\n');
console.log(`\n${table}`);
function format({ perSecond, p50, p99, refused }: LoadResult): string {
  return `${Math.round(perSecond)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${refused > 0 ? `, ${refused} not 200` : ''}`;
}
