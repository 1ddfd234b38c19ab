import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';
import { freePort, Rig } from './rig.js';

/** Runs the built application until it ends by itself. */
async function run(environment: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, output };
}

describe('A process that cannot work says so and ends (contract 2)', () => {
  it('with one line a bad variable', async () => {
    const { code, output } = await run({ PORT: 'http' });
    expect(code).toBe(78);
    expect(output).toMatch(/^PORT /m);
    expect(output).toMatch(/^DATABASE_URL .*not set/m);
    expect(output).not.toMatch(/\n {4}at /);
  });

  it('when its database role owns the tables, because row security would not bind it (S2.86)', async () => {
    const database = await createTestDatabase();
    const { code, output } = await run({
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: database.databaseOwnerUrl,
      META_APP_ID: '1',
      META_APP_SECRET: 'test-app-secret',
      WHATSAPP_VERIFY_TOKEN: 'test-verify-token',
      ENCRYPTION_KEYS: `test:${Buffer.alloc(32).toString('base64')}`,
      JWT_SECRET: 'x'.repeat(32),
      PLATFORM_KEY: 'x'.repeat(24),
      LOG_FORMAT: 'json',
    });
    await database.drop();
    expect(code).not.toBe(0);
    expect(output).toMatch(/DATABASE_URL is refused: .*owns tables/);
  });
});

describe('A worker', () => {
  it('tells supervisors and Prometheus how it does where WORKER_PORT says, and nothing else', async () => {
    const port = await freePort();
    const rig = await Rig.start({ workers: 1, environment: { WORKER_PORT: String(port) } });
    try {
      const ask = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      await until(async () => (await ask('/health/ready')) === 200, { within: 30_000 });
      expect(await ask('/health/live')).toBe(200);
      expect(await ask('/metrics')).toBe(200);
      for (const path of ['/v1/tenants', '/v1/auth/login', '/whatsapp/webhook', '/docs'])
        expect(await ask(path)).toBe(404);
    } finally {
      await rig.stop();
    }
  });

  it('that is told to end finishes what is on the wire: nothing is left unknown (F09, reliability 2.12)', async () => {
    const rig = await Rig.start({ workers: 2 });
    try {
      const merchant = await rig.merchant();
      await rig.faults([{ kind: 'slow', probability: 1, delayMs: 500 }]);
      const phones = Array.from({ length: 60 }, (_, n) => `9194${String(n).padStart(8, '0')}`);
      await Promise.all(phones.map((phone) => rig.write(phone, merchant.phoneNumberId, { text: 'hi' })));
      await until(async () => (await rig.ledger()).length > 0, { within: 30_000 });
      const [first, second] = rig.workers;
      rig.startWorker();
      await Promise.all([first!, second!].map((worker) => rig.end(worker)));
      expect((await rig.outgoing())['unknown'] ?? 0).toBe(0);
      await until(async () => ((await rig.outgoing())['read'] ?? 0) === phones.length, { within: 60_000 });
      expect(await rig.ledger()).toHaveLength(phones.length);
    } finally {
      await rig.stop();
    }
  }, 150_000);
});
