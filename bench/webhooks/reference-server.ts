/**
 * What the ingest is measured against (performance.md): node:http and pg, the same signature and the same table, nothing else.
 * argv: `batched` (everything that arrived while the last commit ran in one INSERT) or `single` (an INSERT each).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const secret = process.env.META_APP_SECRET ?? '';
const store = process.argv[2] === 'single' ? storeSingle : storeBatched;

async function storeSingle(body: Buffer): Promise<void> {
  await pool.query('insert into webhook_inbox (received_at, sha256, raw) values (now(), sha256($1), $1)', [body]);
}

const waiting: { body: Buffer; stored: () => void; failed: (error: unknown) => void }[] = [];
let flushing = false;

function storeBatched(body: Buffer): Promise<void> {
  return new Promise((stored, failed) => {
    waiting.push({ body, stored, failed });
    if (!flushing) void flush();
  });
}

async function flush(): Promise<void> {
  flushing = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 1000);
    try {
      await pool.query(
        'insert into webhook_inbox (received_at, sha256, raw) select now(), sha256(raw), raw from unnest($1::bytea[]) as body (raw)',
        [batch.map(({ body }) => body)],
      );
      batch.forEach(({ stored }) => stored());
    } catch (error) {
      batch.forEach(({ failed }) => failed(error));
    }
  }
  flushing = false;
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const given = Buffer.from(String(request.headers['x-hub-signature-256']));
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return void response.writeHead(401).end();
    store(body).then(
      () => response.writeHead(200, { 'content-length': 0 }).end(),
      () => response.writeHead(503, { 'content-length': 0 }).end(),
    );
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
