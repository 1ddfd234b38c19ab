import { setTimeout as pause } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { request } from 'undici';
import { isObject } from './json-input.js';

const KEEP_PACE_EVERY_MS = 100;

/** The time that the sandbox lives in: windows, media links, tokens and timestamps follow it. */
export abstract class SandboxClock {
  abstract now(): Date;
  /** Moves the time forward to `to`, through everything that is due on the way. */
  abstract advance(to: Date): Promise<void>;
}

/** The wall clock plus an offset, for a sandbox on its own. */
export class OffsetClock extends SandboxClock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  advance(to: Date): Promise<void> {
    this.offsetMs = to.getTime() - Date.now();
    return Promise.resolve();
  }
}

/**
 * The application's clock, seen from another process through its `/sandbox/clock`. Follows the application's offset as
 * last heard, and is a clock of its own as long as the application does not answer.
 */
export class ApplicationClock extends SandboxClock {
  private offsetMs = 0;

  constructor(private readonly applicationUrl: string) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Keeps pace with the application on its way, so that what it sends meanwhile is seen at its own time. */
  async advance(to: Date): Promise<void> {
    let isOnItsWay = true;
    const pace = (async () => {
      for (await pause(KEEP_PACE_EVERY_MS); isOnItsWay; await pause(KEEP_PACE_EVERY_MS)) await this.follow();
    })();
    const isHeard = await this.ask({ now: to.toISOString() });
    isOnItsWay = false;
    await pace;
    // Asked again, because the last look on the way may have come back after the arrival.
    if (isHeard) await this.follow();
    else this.offsetMs = to.getTime() - Date.now();
  }

  /** Asks the application for its offset. @returns whether it answered */
  follow(): Promise<boolean> {
    return this.ask();
  }

  private async ask(body?: { now: string }): Promise<boolean> {
    try {
      const answer = await request(new URL('/sandbox/clock', this.applicationUrl), {
        method: body ? 'POST' : 'GET',
        headersTimeout: body ? 600_000 : 1_000,
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      });
      const heard: unknown = await answer.body.json();
      if (answer.statusCode !== 200 || !isObject(heard) || typeof heard['offsetMs'] !== 'number') return false;
      this.offsetMs = heard['offsetMs'];
      return true;
    } catch {
      return false;
    }
  }
}

/** The instant that `{advance}` or `{now}` names, seen from `now`; undefined when it is neither or lies in the past. */
export function instantToAdvanceTo(body: unknown, now: Date): Date | undefined {
  if (!isObject(body)) return undefined;
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('UTC');
    const target =
      typeof body['advance'] === 'string'
        ? start.add(Temporal.Duration.from(body['advance'])).epochMilliseconds
        : Temporal.Instant.from(String(body['now'])).epochMilliseconds;
    return target >= now.getTime() ? new Date(target) : undefined;
  } catch {
    return undefined;
  }
}
