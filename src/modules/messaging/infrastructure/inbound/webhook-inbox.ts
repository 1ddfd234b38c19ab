import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { DatabasePools } from '../../../../platform/database/pools.js';
import { Doorbell } from '../../../../platform/lanes/doorbell.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { NaturalBatch } from '../../../../platform/queue/natural-batch.js';
import { SPLIT_LANE } from './lane-kinds.js';

/** The answer must be out within a second (reliability 2.2): after this the provider is told to come again. */
const PATIENCE_MS = 800;
/** Bytes of one statement: a thousand webhooks as the provider makes them, or one that is as large as may be. */
const STATEMENT_BYTES = 4_000_000;
/** A flood's batches share a wake-up: one each would cost the database more than the batch itself. */
const WAKE_UP_EVERY_MS = 20;

/** Counts webhooks by what they were answered. */
export function webhookAnswers(metrics: Metrics): Counter<'answer'> {
  const answers = metrics.counter(
    'webhooks_received_total',
    'Webhooks by what they were answered: stored, refused (signature), unavailable (database).',
    ['answer'],
  );
  // The first one that is not stored has to show as growth.
  for (const answer of ['stored', 'refused', 'unavailable'] as const) answers.inc({ answer }, 0);
  return answers;
}

/** Neither stored nor refused for good: the provider brings it again. */
export class InboxUnavailable extends Error {}

/**
 * Where webhooks are safe. Everything that arrives while the last commit runs goes into one INSERT, with the ring of the lane that
 * takes it apart in the same statement: one round trip and one commit for all of them (performance.md; bench/ingest).
 */
@Injectable()
export class WebhookInbox implements BeforeApplicationShutdown {
  readonly #logger = new Logger(WebhookInbox.name);
  readonly #batch = new NaturalBatch<Arrival, void>((arrivals) => this.#store(arrivals), {
    size: 1000,
    flushesInFlight: 1,
  });
  readonly #stored;
  readonly #unavailable;
  #rest: NodeJS.Timeout | undefined;
  #wakeAgain = false;

  constructor(
    private readonly pools: DatabasePools,
    private readonly doorbell: Doorbell,
    metrics: Metrics,
  ) {
    const answers = webhookAnswers(metrics);
    this.#stored = answers.labels('stored');
    this.#unavailable = answers.labels('unavailable');
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.#rest);
  }

  /** Resolves when the bytes are committed. @throws InboxUnavailable when they are not within 800 ms; they may be all the same */
  async store(body: Buffer): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const arrival = { body, isGivenUp: false };
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        arrival.isGivenUp = true;
        reject(new InboxUnavailable('The database did not commit in time'));
      }, PATIENCE_MS);
    });
    try {
      await Promise.race([this.#batch.add(arrival), patience]);
      this.#stored.inc();
    } catch (error) {
      this.#unavailable.inc();
      throw error instanceof InboxUnavailable
        ? error
        : new InboxUnavailable('The database could not take it', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #store(arrivals: readonly Arrival[]): Promise<void[]> {
    const answers = new Array<void>(arrivals.length);
    const bodies = arrivals.filter(({ isGivenUp }) => !isGivenUp).map(({ body }) => body);
    if (bodies.length === 0) return answers;
    try {
      for (const part of partsOf(bodies)) {
        await this.pools.ingest.query({
          text: `with stored as (
              insert into webhook_inbox (received_at, sha256, raw)
              select (select business_now()), sha256(raw), raw from unnest($1::bytea[]) with ordinality as body (raw, n) order by n)
            insert into lane_ring (kind, key, due_at) values ('${SPLIT_LANE}', 'all', business_now())`,
          values: [part],
          // Also when the server says nothing at all; the pool then drops the connection.
          query_timeout: PATIENCE_MS,
        } as { text: string; values: unknown[] });
      }
    } catch (error) {
      this.#logger.warn(
        `${bodies.length} webhooks not stored, the provider is told to come again: ${error instanceof Error ? error.message : String(error)}`,
      );
      throw error;
    }
    this.#wake();
    return answers;
  }

  /** The ring is in the database; this is the haste. The first of a flood is heard at once. */
  #wake(): void {
    this.#wakeAgain = this.#rest !== undefined;
    if (this.#wakeAgain) return;
    this.doorbell.ring(SPLIT_LANE);
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#wakeAgain) this.#wake();
    }, WAKE_UP_EVERY_MS).unref();
  }
}

interface Arrival {
  readonly body: Buffer;
  /** The provider was told to come again: it is not worth the time of those who wait. */
  isGivenUp: boolean;
}

function partsOf(bodies: readonly Buffer[]): Buffer[][] {
  const parts: Buffer[][] = [[]];
  let bytes = 0;
  for (const body of bodies) {
    if (bytes > 0 && bytes + body.length > STATEMENT_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(body);
    bytes += body.length;
  }
  return parts;
}
