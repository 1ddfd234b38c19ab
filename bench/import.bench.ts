/**
 * A file of customers, each with a due, previewed, imported, imported again and exported through one API process: rows a second, and
 * the most memory that the process held, for a short and for a long file. Memory must not grow with the file (S0.93, reliability F60).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startApplication, type Server } from './webhooks/servers.ts';

const ROWS = (process.env.BENCH_ROWS ?? '10000,100000').split(',').map(Number);

/** Megabytes of live objects that the process may hold: one that kept anything of its rows would not come to the end. */
const HEAP = 256;

const lines: string[] = [];
for (const rows of ROWS) {
  const api = await startApplication('api', { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP}` });
  try {
    const token = await register(api);
    for (const [what, query] of [
      ['previewed', '&dryRun=true'],
      ['imported', ''],
      ['imported again', ''],
    ] as const) {
      const { seconds, peak, counts } = await send(api, token, rows, query);
      const known = what === 'imported again' ? counts.unchanged : counts.created;
      if (known !== rows) throw new Error(`${what}: ${JSON.stringify(counts)}`);
      lines.push(
        `| ${rows.toLocaleString('en')} | ${what} | ${Math.round(rows / seconds).toLocaleString('en')} | ${peak} |`,
      );
      console.log(`${rows} rows ${what} in ${seconds.toFixed(1)} s, at most ${peak} MB`);
    }
    lines.push(`| ${rows.toLocaleString('en')} | exported | ${await fetchAll(api, token, rows)} | |`);
  } finally {
    await api.stop();
  }
}
console.log(['', '| rows | | rows a second | MB at most |', '|---|---|---|---|', ...lines].join('\n'));

async function send(
  { port }: Server,
  token: string,
  rows: number,
  query: string,
): Promise<{ seconds: number; peak: number; counts: Record<string, number> }> {
  let running = true;
  let peak = 0;
  const watch = (async () => {
    for (; running; await delay(200)) peak = Math.max(peak, await residentMegabytes(port));
  })();
  const started = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/v1/customers/import?results=refused${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: ReadableStream.from(file(rows)),
    duplex: 'half',
  });
  const counts = (await answer.json()) as Record<string, number>;
  const seconds = (performance.now() - started) / 1000;
  running = false;
  await watch;
  return { seconds, peak, counts };
}

/** @returns rows a second */
async function fetchAll({ port }: Server, token: string, rows: number): Promise<string> {
  const started = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/v1/customers/export`, {
    headers: { authorization: `Bearer ${token}` },
  });
  let ends = 0;
  for await (const part of answer.body!) for (const byte of part as Uint8Array) if (byte === 10) ends++;
  if (ends !== rows + 1) throw new Error(`${ends} lines were exported, not ${rows + 1}`);
  return Math.round((rows * 1000) / (performance.now() - started)).toLocaleString('en');
}

/** Half of the dues have a reference, the others are known by what they say. */
function* file(rows: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode('reference,name,phone,amount,due_date,due_reference,description\n');
  for (let n = 0; n < rows; n += 1000) {
    const part = Array.from({ length: Math.min(1000, rows - n) }, (_, i) => {
      const id = n + i;
      const invoice = id % 2 ? `INV-${id}` : '';
      return `C-${id},Customer ${id},+9197${String(id).padStart(8, '0')},"1,23,4${String(id % 100).padStart(2, '0')}.50",2027-01-15,${invoice},Goods\n`;
    });
    yield encoder.encode(part.join(''));
  }
}

async function register({ port }: Server): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.PLATFORM_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Bench',
      country: 'IN',
      currency: 'INR',
      admin: {
        email: `bench-${process.pid}-${performance.now()}@merchant.example`,
        password: 'a-long-bench-password',
        name: 'Bench',
      },
    }),
  });
  return ((await answer.json()) as { apiKey: string }).apiKey;
}

async function residentMegabytes(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Math.round(Number(/^nodue_process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? 0) / 1_000_000);
}
