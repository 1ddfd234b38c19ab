import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.js';
import { describeOnEachQueueBackend } from './redis.js';
import { until } from './until.js';
import { createPostgresBackend, Queue, setDefaultBackendFactory, Worker } from 'bullmq';

describe('A test gets a database of its own', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const ask = async (url: string, sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };

  it('whose application role can use rows, and neither make tables nor skip row security (S2.86)', async () => {
    await expect(ask(database.databaseUrl, 'CREATE TABLE public.stray (id int)')).rejects.toThrow('permission denied');
    const { rows } = await ask(
      database.databaseUrl,
      'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });

  it('whose migrations the application role cannot see', async () => {
    await expect(ask(database.databaseUrl, 'SELECT * FROM _prisma_migrations')).rejects.toThrow('permission denied');
  });

  it('whose commits are durable, as in production', async () => {
    expect((await ask(database.databaseUrl, 'SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
  });
});

describeOnEachQueueBackend('A queue moves a job as the application role', (backend) => {
  it('from a producer to a worker', async () => {
    const database = await createTestDatabase();
    const redisUrl = backend.redisUrl();
    setDefaultBackendFactory(redisUrl ? undefined : createPostgresBackend);
    const connection = redisUrl ? { url: redisUrl } : { connectionString: database.databaseUrl, schema: 'bullmq' };
    const seen: unknown[] = [];
    const worker = new Worker('setup', async (job) => void seen.push(job.data), { connection });
    const queue = new Queue('setup', { connection });
    await queue.add('ring', { lane: 'a' });
    await queue.addBulk([{ name: 'ring', data: { lane: 'b' } }]);
    await until(() => seen.length === 2);
    expect(seen).toEqual([{ lane: 'a' }, { lane: 'b' }]);
    await worker.close();
    await queue.close();
    await database.drop();
  });
});
