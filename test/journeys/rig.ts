import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { migrate } from '../../scripts/migrate.ts';
import { APP_SECRET, PLATFORM_KEY, VERIFY_TOKEN } from '../setup/config.js';
import { createTestDatabase } from '../setup/database.js';
import { until } from '../setup/until.js';

export interface RigOptions {
  /** Worker processes beside the API; 0 runs everything in one. */
  workers?: number;
  redisUrl?: string | undefined;
  /** A PostgreSQL of the rig's own, which may be stopped and started. */
  ownPostgres?: boolean;
  environment?: Record<string, string>;
  /** Puts something between the processes and their database. @returns the URL that they are given */
  databaseThrough?: (databaseUrl: string) => Promise<string>;
}

export interface SentMessage {
  wamid: string;
  phoneNumberId: string;
  to: string;
  type: string;
  acceptedAt: string;
  callbackData?: string;
  payload: { type: string; text?: { body: string }; interactive?: { type: string; body: { text: string } } };
}

export interface HandsetMessage {
  wamid: string;
  direction: 'received' | 'written';
  type: string;
  status?: string;
  text?: string;
}

export interface Merchant {
  tenantId: string;
  /** The admin's access token. */
  token: string;
  apiKey: string;
  wabaId: string;
  phoneNumberId: string;
}

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/**
 * The product as it runs in production: the built application in processes of its own (an API, workers), the sandbox in another, a real
 * PostgreSQL. Processes can be killed; what the sandbox has accepted is the truth that tests check against.
 */
export class Rig {
  readonly #children = new Set<ChildProcess>();
  readonly workers: ChildProcess[] = [];
  api!: ChildProcess;
  apiUrl = '';
  sandboxUrl = '';

  private constructor(
    private readonly environment: Record<string, string>,
    readonly databaseOwnerUrl: string,
    private readonly superuserUrl: string,
    private readonly postgres: { server: EmbeddedPostgres; directory: string; port: number } | undefined,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start(options: RigOptions = {}): Promise<Rig> {
    const database = options.ownPostgres ? await ownDatabase() : await sharedDatabase();
    const [apiPort, sandboxPort] = await Promise.all([freePort(), freePort()]);
    const environment: Record<string, string> = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: String(apiPort),
      DATABASE_URL: (await options.databaseThrough?.(database.databaseUrl)) ?? database.databaseUrl,
      SANDBOX: '1',
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${apiPort}/whatsapp/webhook`,
      WHATSAPP_GRAPH_URL: `http://127.0.0.1:${sandboxPort}`,
      META_APP_ID: '1',
      META_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 'key').toString('base64')}`,
      JWT_SECRET: 'test-jwt-secret-0123456789-0123456789',
      PLATFORM_KEY,
      LOG_LEVEL: process.env['NODUE_TEST_LOG'] ?? 'warn',
      LOG_FORMAT: 'json',
      ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
      ...options.environment,
    };
    const rig = new Rig(
      environment,
      database.databaseOwnerUrl,
      database.superuserUrl,
      database.postgres,
      database.drop,
    );
    rig.apiUrl = `http://127.0.0.1:${apiPort}`;
    rig.sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    try {
      rig.#spawn('dist/src/sandbox/main.js', {});
      const workers = options.workers ?? 0;
      rig.api = rig.startApi(workers === 0 ? 'all' : 'api');
      for (let n = 0; n < workers; n++) rig.startWorker();
      await rig.untilReady();
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  startApi(role: 'all' | 'api'): ChildProcess {
    this.api = this.#spawn('dist/src/main.js', { ROLE: role });
    return this.api;
  }

  startWorker(): ChildProcess {
    const worker = this.#spawn('dist/src/main.js', { ROLE: 'worker' });
    this.workers.push(worker);
    return worker;
  }

  /** SIGTERM: it may finish what it has begun. */
  async end(child: ChildProcess): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    this.#forget(child);
  }

  /** SIGKILL: nothing is told, nothing is finished. */
  async kill(child: ChildProcess): Promise<void> {
    const gone = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    this.#forget(child);
  }

  #forget(child: ChildProcess): void {
    this.#children.delete(child);
    const index = this.workers.indexOf(child);
    if (index >= 0) this.workers.splice(index, 1);
  }

  async untilReady(): Promise<void> {
    await until(async () => (await fetch(`${this.sandboxUrl}/sandbox/health`)).ok, { within: 90_000 });
    await until(async () => (await fetch(`${this.apiUrl}/health/ready`)).ok, { within: 90_000 });
  }

  async restartPostgres(): Promise<void> {
    if (!this.postgres) throw new Error("Only a PostgreSQL of the rig's own can be restarted");
    await this.postgres.server.stop();
    this.postgres.server = await startEmbeddedPostgres({
      directory: this.postgres.directory,
      preferredPort: this.postgres.port,
    });
  }

  /** A statement with all powers: for looking, not for acting. */
  async sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.superuserUrl });
    await client.connect();
    try {
      return (await client.query(text, parameters)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    token: string | undefined,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${path.startsWith('/sandbox') ? this.sandboxUrl : this.apiUrl}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : { text }) as Body,
    };
  }

  /** A registered merchant with a connected number. */
  async merchant(n = 1): Promise<Merchant> {
    const admin = {
      email: `admin-${n}-${Date.now()}@merchant.example`,
      password: 'a-long-test-password',
      name: 'Admin',
    };
    const registered = await this.call<{ tenant: { id: string }; apiKey: string | { key: string } }>(
      'POST',
      '/v1/tenants',
      PLATFORM_KEY,
      {
        name: `Merchant ${n}`,
        country: 'IN',
        timezone: 'Asia/Kolkata',
        currency: 'INR',
        admin,
      },
    );
    expect(registered.status).toBe(201);
    const login = await this.call<{ accessToken: string }>('POST', '/v1/auth/login', undefined, {
      email: admin.email,
      password: admin.password,
    });
    const number = { wabaId: `10000000000${n}`, phoneNumberId: `20000000000${n}` };
    const connected = await this.call('POST', '/v1/whatsapp/connect', login.body.accessToken, {
      ...number,
      accessToken: `mock_merchant_${n}`,
    });
    expect({ status: connected.status < 300, body: connected.status < 300 ? undefined : connected.body }).toEqual({
      status: true,
      body: undefined,
    });
    const { apiKey } = registered.body;
    return {
      tenantId: registered.body.tenant.id,
      token: login.body.accessToken,
      apiKey: typeof apiKey === 'string' ? apiKey : apiKey.key,
      ...number,
    };
  }

  async write(
    waId: string,
    phoneNumberId: string,
    act: { text: string } | { tap: string; context?: string },
  ): Promise<void> {
    const answer = await this.call('POST', `/sandbox/handsets/${waId}/messages`, undefined, { phoneNumberId, ...act });
    if (answer.status >= 300)
      throw new Error(`The handset could not write: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async ledger(): Promise<SentMessage[]> {
    return (await this.call<{ data: SentMessage[] }>('GET', '/sandbox/ledger', undefined)).body.data;
  }

  async handset(waId: string): Promise<HandsetMessage[]> {
    return (await this.call<{ data: HandsetMessage[] }>('GET', `/sandbox/handsets/${waId}/messages`, undefined)).body
      .data;
  }

  async faults(faults: Record<string, unknown>[]): Promise<void> {
    const answer = await this.call('POST', '/sandbox/faults', undefined, faults);
    if (answer.status >= 300) throw new Error(`The sandbox refused the faults: ${JSON.stringify(answer.body)}`);
  }

  async clearFaults(): Promise<void> {
    await this.call('DELETE', '/sandbox/faults', undefined);
  }

  /** Moves the business clock, through everything that falls due on the way. @param duration ISO 8601 */
  async advance(duration: string): Promise<void> {
    const answer = await this.call('POST', '/sandbox/clock', undefined, { advance: duration });
    if (answer.status >= 300) throw new Error(`The clock did not move: ${JSON.stringify(answer.body)}`);
  }

  /** Outgoing messages by state, over all tenants. */
  async outgoing(): Promise<Record<string, number>> {
    const rows = await this.sql<{ state: string; n: number }>(
      `select state, count(*)::int as n from message where direction = 'OUTBOUND' group by state`,
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  async stop(): Promise<void> {
    const running = [...this.#children].filter((child) => child.exitCode === null && child.signalCode === null);
    const exits = running.map((child) => once(child, 'exit'));
    running.forEach((child) => child.kill('SIGTERM'));
    const patience = setTimeout(() => running.forEach((child) => child.kill('SIGKILL')), 20_000);
    await Promise.all(exits);
    clearTimeout(patience);
    await this.dropDatabase();
  }

  #spawn(entry: string, environment: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      env: { ...this.environment, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#children.add(child);
    return child;
  }
}

interface RigDatabase {
  databaseUrl: string;
  databaseOwnerUrl: string;
  superuserUrl: string;
  postgres: { server: EmbeddedPostgres; directory: string; port: number } | undefined;
  drop: () => Promise<void>;
}

async function sharedDatabase(): Promise<RigDatabase> {
  const database = await createTestDatabase();
  const superuserUrl = Object.assign(new URL(process.env['NODUE_TEST_SUPERUSER_URL'] ?? ''), {
    pathname: new URL(database.databaseUrl).pathname,
  }).href;
  return { ...database, superuserUrl, postgres: undefined, drop: () => database.drop() };
}

async function ownDatabase(): Promise<RigDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'nodue-rig-'));
  const port = await freePort();
  const server = await startEmbeddedPostgres({ directory, preferredPort: port });
  await migrate(server);
  const postgres = { server, directory, port };
  return {
    databaseUrl: server.databaseUrl,
    databaseOwnerUrl: server.databaseOwnerUrl,
    superuserUrl: Object.assign(new URL(server.superuserUrl), { pathname: new URL(server.databaseUrl).pathname }).href,
    postgres,
    drop: async () => {
      await postgres.server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
