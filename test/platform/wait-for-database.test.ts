import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { waitForDatabase } from '../../src/platform/database/wait-for-database.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

describe('A start waits for its database (S2.97)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** A port where nobody listens until told to; then it leads to the database. */
  const door = async () => {
    const real = new URL(database.databaseUrl);
    const server: Server = createServer((caller) => {
      const there = connect(Number(real.port), real.hostname);
      caller.on('error', () => there.destroy()).pipe(there);
      there.on('error', () => caller.destroy()).pipe(caller);
    });
    const listen = (port: number): Promise<void> =>
      new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    await listen(0);
    const { port } = server.address() as AddressInfo;
    const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
    await close();
    const url = Object.assign(new URL(database.databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href;
    return { pool: new pg.Pool({ connectionString: url }), open: () => listen(port), close };
  };

  it('that comes up a moment later', async () => {
    const { pool, open, close } = await door();
    let isThere = false;
    const waiting = waitForDatabase(pool, 20_000).then(() => (isThere = true));
    await expect(pool.query('select 1')).rejects.toThrow('ECONNREFUSED');
    expect(isThere).toBe(false);
    await open();
    await waiting;
    await pool.end();
    await close();
  });

  it('but not for ever, and not at all where waiting mends nothing', async () => {
    const { pool } = await door();
    await expect(waitForDatabase(pool, 150)).rejects.toThrow('ECONNREFUSED');
    await pool.end();
    const strangers = Object.assign(new URL(database.databaseUrl), { username: 'nobody-knows-me' }).href;
    const refused = new pg.Pool({ connectionString: strangers });
    await expect(waitForDatabase(refused, 60_000)).rejects.toThrow();
    await refused.end();
  });
});
