import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestDatabase } from '../setup/database.js';

/** The connections by which processes hear of each other's announcements; cutting them is what a broken line or a failover does. */
export abstract class Ears {
  /** Ids of those that listen at this moment. */
  abstract listening(): Promise<readonly string[]>;
  abstract cut(ids: readonly string[]): Promise<void>;
  abstract close(): Promise<void>;

  static async of(database: TestDatabase, redisUrl: string | undefined): Promise<Ears> {
    return redisUrl === undefined ? PostgresEars.open(database) : new RedisEars(redisUrl);
  }
}

class PostgresEars extends Ears {
  private constructor(private readonly client: pg.Client) {
    super();
  }

  static async open({ databaseUrl }: TestDatabase): Promise<PostgresEars> {
    const url = new URL(process.env['NODUE_TEST_SUPERUSER_URL']!);
    url.pathname = new URL(databaseUrl).pathname;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return new PostgresEars(client);
  }

  async listening(): Promise<string[]> {
    const { rows } = await this.client.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name = 'nodue-notifications' and query ilike 'listen nodue_announcements'`,
    );
    return rows.map(({ pid }) => String(pid));
  }

  async cut(ids: readonly string[]): Promise<void> {
    await this.client.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [ids.map(Number)]);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

class RedisEars extends Ears {
  readonly #redis: Redis;
  readonly #database: string;

  constructor(url: string) {
    super();
    this.#redis = new Redis(url);
    this.#database = new URL(url).pathname.slice(1);
  }

  async listening(): Promise<string[]> {
    const clients = (await this.#redis.client('LIST')) as string;
    return clients
      .split('\n')
      .map((line) => new Map(line.split(' ').map((member) => member.split('=', 2) as [string, string])))
      .filter((client) => client.get('db') === this.#database && Number(client.get('sub')) > 0)
      .map((client) => client.get('id')!);
  }

  async cut(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#redis.call('CLIENT', 'KILL', 'ID', id);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }
}
