import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { isUnavailable } from './database-errors.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Waits for a database that is not there yet: the machine has just started, or the server is coming up (S2.97).
 * @param patienceMs for how long @throws what the last try threw; at once whatever waiting does not mend
 */
export async function waitForDatabase(pool: pg.Pool, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      if (!isUnavailable(error) || performance.now() + pause > deadline) throw error;
      if (pause === FIRST_PAUSE_MS) new Logger('Database').warn('PostgreSQL does not answer yet; waiting for it');
      await delay(pause);
    }
  }
}
