import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';
import { DatabasePools } from './pools.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * PostgreSQL's LISTEN and NOTIFY between the processes of an installation: hints that may be lost, never truth. One connection a process
 * listens, and only where somebody listens; when it breaks, it is made anew, and what was told meanwhile is not heard.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  readonly #logger = new Logger(Notifications.name);
  readonly #listeners = new Map<string, (payload: string) => void>();
  #connection: pg.Client | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly config: Config,
    private readonly pools: DatabasePools,
  ) {}

  /** @param channel a plain lower-case name @param listener is never told of what was said before it listened */
  listen(channel: string, listener: (payload: string) => void): void {
    const isFirst = this.#listeners.size === 0;
    this.#listeners.set(channel, listener);
    if (isFirst) void this.#connect();
    else void this.#connection?.query(`listen ${channel}`).catch(() => undefined);
  }

  /**
   * Tells all processes. Not in a business transaction: the commit of one that notifies takes a lock on the whole database.
   * @param payload under 8000 bytes; no secrets
   */
  async notify(channel: string, payload: string): Promise<void> {
    await this.pools.background.query('select pg_notify($1, $2)', [channel, payload]);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#connection?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const connection = new pg.Client({
      connectionString: this.config.DATABASE_URL,
      application_name: 'nodue-notifications',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    this.#connection = connection;
    connection.on('error', () => undefined);
    connection.on('end', () => this.#connectAgain(connection));
    connection.on('notification', ({ channel, payload }) => this.#listeners.get(channel)?.(payload ?? ''));
    try {
      await connection.connect();
      for (const channel of this.#listeners.keys()) await connection.query(`listen ${channel}`);
      this.#pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      this.#logger.warn(`Not listening for notifications: ${error instanceof Error ? error.message : String(error)}`);
      await connection.end().catch(() => undefined);
      this.#connectAgain(connection);
    }
  }

  #connectAgain(broken: pg.Client): void {
    if (this.#stopped || this.#connection !== broken) return;
    this.#connection = undefined;
    this.#retry = setTimeout(() => void this.#connect(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
