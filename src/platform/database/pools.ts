import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';

/** One statement, parameters apart; rows as plain objects. 8-byte integers arrive as strings: cast in SQL. */
export interface SqlExecutor {
  query<Row extends object = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

const SECOND = 1000;

/**
 * The connection pools of one process, kept apart so that none can starve another (reliability 2.13):
 * `ingest` takes webhooks and nothing else, `work` serves set-based statements of lanes, `use` serves Prisma.
 */
@Injectable()
export class DatabasePools implements OnApplicationShutdown {
  readonly ingest: pg.Pool;
  readonly work: pg.Pool;
  readonly use: pg.Pool;

  constructor(config: Config) {
    const pool = (name: string, max: number, statementTimeout: number): pg.Pool => {
      const created = new pg.Pool({
        connectionString: config.DATABASE_URL,
        application_name: `nodue-${name}`,
        max,
        connectionTimeoutMillis: 800,
        statement_timeout: statementTimeout,
        idle_in_transaction_session_timeout: 10 * SECOND,
        keepAlive: true,
      });
      // An idle connection that the server closes must not end the process; the next use reports the fault.
      created.on('error', () => undefined);
      return created;
    };
    this.ingest = pool('ingest', 3, 800);
    this.work = pool('work', 10, 30 * SECOND);
    this.use = pool('use', 12, 5 * SECOND);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.ingest.end(), this.work.end(), this.use.end()]);
  }
}
