import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Socket } from 'node:net';
import pg from 'pg';
import { Config } from '../config/config.js';

/** One statement, parameters apart; rows as plain objects. 8-byte integers arrive as strings: cast in SQL. */
export interface SqlExecutor {
  query<Row extends object = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

const SECOND = 1000;
/** Where BullMQ keeps its tables; `npm run migrate` makes them. */
const QUEUE_SCHEMA = 'bullmq';

/**
 * The connection pools of one process, kept apart so that none can starve another (reliability 2.13): `ingest` takes webhooks
 * and nothing else, `requests` serves people who wait for an answer, `background` serves lanes, which would rather wait than fail.
 */
@Injectable()
export class DatabasePools implements OnApplicationShutdown {
  readonly ingest: pg.Pool;
  readonly requests: pg.Pool;
  readonly background: pg.Pool;
  /** BullMQ's, where it runs on PostgreSQL: each of its workers holds one connection to listen on. */
  readonly queue: pg.Pool | undefined;

  readonly #queueConnections = new Set<Socket>();

  constructor(config: Config) {
    const pool = (
      name: string,
      limits: { connections: number; connectWithin: number; answerWithin: number },
      options?: string,
    ): pg.Pool => {
      const created = new pg.Pool({
        connectionString: config.DATABASE_URL,
        application_name: `nodue-${name}`,
        max: limits.connections,
        connectionTimeoutMillis: limits.connectWithin,
        statement_timeout: limits.answerWithin,
        idle_in_transaction_session_timeout: 10 * SECOND,
        keepAlive: true,
        ...(options ? { options } : {}),
      });
      // A connection that the server closes, idle or between two statements, must not end the process; its next use reports the fault.
      created.on('error', () => undefined);
      created.on('connect', (connection) => connection.on('error', () => undefined));
      return created;
    };
    this.ingest = pool('ingest', { connections: 3, connectWithin: 800, answerWithin: 800 });
    this.requests = pool('requests', { connections: 10, connectWithin: 2 * SECOND, answerWithin: 5 * SECOND });
    this.background = pool('background', { connections: 14, connectWithin: 15 * SECOND, answerWithin: 30 * SECOND });
    if (config.REDIS_URL) return;
    const patience = { connections: 16, connectWithin: 10 * SECOND, answerWithin: 30 * SECOND };
    // Each queue and worker adds a listener of its own.
    this.queue = pool('queue', patience, `-c search_path=${QUEUE_SCHEMA}`).setMaxListeners(0);
    this.queue.on('connect', (connection) => {
      const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
      this.#queueConnections.add(stream);
      stream.once('close', () => this.#queueConnections.delete(stream));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.ingest.end(), this.requests.end(), this.background.end(), this.#endQueue()]);
  }

  /** A BullMQ worker that is closed while it connects keeps its connection for good: what is left after a moment is cut. */
  async #endQueue(): Promise<void> {
    if (!this.queue) return;
    let cut: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      cut = setTimeout(() => {
        this.#queueConnections.forEach((connection) => connection.destroy());
        resolve();
      }, SECOND);
    });
    await Promise.race([this.queue.end(), patience]);
    clearTimeout(cut);
  }
}
