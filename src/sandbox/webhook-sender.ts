import { Injectable } from '@nestjs/common';
import { Pool } from 'undici';
import { SandboxClock } from './clock.js';
import { Faults } from './faults.js';
import type { JsonObject } from './json-input.js';
import { Newest } from './ledger.js';
import { RealTime } from './real-time.js';
import { requireLoopback, SandboxSettings } from './settings.js';
import { type Batch, WebhookLanes } from './webhook-lanes.js';
import { escapedUnicode, signature, webhookBody, type WebhookEvent } from './webhook-payload.js';

const CONNECTIONS = 16;
const ANSWER_TIMEOUT_MS = 10_000;
/** Meta goes on for seven days with growing pauses; the first ones are short here, as everything is near. */
const RETRY_AFTER_MS = [200, 500, 1_000, 2_000, 5_000];
const GIVE_UP_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
const REORDER_HOLD_MS = 300;

/** One try of a POST: the HTTP status that came, or why none came. */
export interface WebhookAttempt {
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
}

/** A POST to the application and what became of it: the checker's record. */
export interface WebhookRecord {
  readonly id: number;
  readonly emittedAt: string;
  state: 'pending' | 'delivered' | 'dropped' | 'expired';
  readonly events: readonly WebhookEvent[];
  readonly attempts: WebhookAttempt[];
  /** What was posted, as JSON; absent for raw bodies. */
  readonly payload?: JsonObject;
}

interface Post {
  readonly record: WebhookRecord;
  readonly body: string;
  readonly batch: Batch;
  readonly firstTriedAt: Date;
  /** Posts of a generation before the last {@link WebhookSender.clear} no longer count. */
  readonly generation: number;
}

/**
 * Posts webhooks as Meta does: signed, retried until a 2xx, statuses in batches. Events of one lane (one customer and
 * number) are posted in order, each only after the one before was taken; a batch joins the statuses of many lanes.
 */
@Injectable()
export class WebhookSender {
  private readonly lanes = new WebhookLanes();
  private readonly records: Newest<WebhookRecord>;
  private target: { pool: Pool; path: string; url: string };
  private inFlight = 0;
  private unsettled = 0;
  private lastId = 0;
  private pumpIsPlanned = false;
  private isClosed = false;
  private generation = 0;

  constructor(
    private readonly settings: SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly faults: Faults,
    private readonly realTime: RealTime,
  ) {
    this.records = new Newest<WebhookRecord>(settings.historyLimit);
    this.target = targetOf(settings.webhookUrl);
  }

  get url(): string {
    return this.target.url;
  }

  /** Posts to another address from here on. @throws SandboxRefusal unless it is loopback */
  deliverTo(url: string): void {
    const previous = this.target.pool;
    this.target = targetOf(url);
    void previous.close();
  }

  /** Takes an event on its way, through the webhook faults that match it. */
  emit(event: WebhookEvent): void {
    if (this.faults.isEmpty) this.enqueue(event);
    else this.emitThroughFaults(event);
  }

  private emitThroughFaults(event: WebhookEvent): void {
    const strikes = this.faults.strikeWebhook({
      phoneNumberId: event.phoneNumberId,
      to: event.waId,
      types: [event.kind, event.type],
    });
    const kinds = new Set(strikes.map((fault) => fault.kind));
    if (kinds.has('webhook-drop')) {
      this.record([event]).state = 'dropped';
      event.settled?.(false);
      return;
    }
    // A copy has a lane of its own, so that it may arrive beside, before or after the original.
    if (kinds.has('webhook-duplicate')) this.enqueue({ ...event, lane: `${event.lane}|copy` });
    const delayed = strikes.find((fault) => fault.kind === 'webhook-delay');
    if (delayed) {
      const late = { ...event, lane: `${event.lane}|late` };
      this.realTime.after(Number(delayed.options['delayMs'] ?? 1_000), () => this.enqueue(late));
    } else if (kinds.has('webhook-reorder')) this.hold(event);
    else this.enqueue(event);
  }

  /** Posts a body that no event describes, signed like any other; for what a test wants to say word by word. */
  emitRaw(body: string): WebhookRecord {
    const record = this.record([]);
    this.unsettled += 1;
    this.inFlight += 1;
    void this.post({
      record,
      body,
      batch: { lanes: [], events: [] },
      firstTriedAt: this.clock.now(),
      generation: this.generation,
    });
    return record;
  }

  list(): readonly WebhookRecord[] {
    return this.records.all();
  }

  /** How many events and posts are not yet taken. */
  get pending(): number {
    return this.unsettled;
  }

  /** Forgets everything that waits or is on its way, and the records. */
  clear(): void {
    this.generation += 1;
    this.unsettled = 0;
    this.lanes.clear();
    this.records.clear();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.clear();
    await this.target.pool.destroy();
  }

  private hold(event: WebhookEvent): void {
    const held = this.lanes.hold(event);
    this.unsettled += 1;
    this.realTime.after(REORDER_HOLD_MS, () => {
      held.release();
      this.planPump();
    });
  }

  private enqueue(event: WebhookEvent): void {
    if (this.isClosed) return;
    this.lanes.push(event);
    this.unsettled += 1;
    this.planPump();
  }

  /** Waits for the end of the current turn, so that statuses of one burst meet in one batch. */
  private planPump(): void {
    if (this.pumpIsPlanned) return;
    this.pumpIsPlanned = true;
    setImmediate(() => {
      this.pumpIsPlanned = false;
      while (this.inFlight < CONNECTIONS && this.postNext());
    });
  }

  private postNext(): boolean {
    const batch = this.isClosed ? undefined : this.lanes.next(this.settings.switches.statusesPerWebhook);
    if (!batch) return false;
    const firstTriedAt = this.clock.now();
    const payload = webhookBody(batch.events, firstTriedAt);
    const record = this.record(batch.events, payload);
    this.inFlight += 1;
    void this.post({ record, body: escapedUnicode(payload), batch, firstTriedAt, generation: this.generation });
    return true;
  }

  private record(events: readonly WebhookEvent[], payload?: JsonObject): WebhookRecord {
    const record: WebhookRecord = {
      id: ++this.lastId,
      emittedAt: this.clock.now().toISOString(),
      state: 'pending',
      events,
      attempts: [],
      ...(payload === undefined ? {} : { payload }),
    };
    this.records.push(record);
    return record;
  }

  private async post(post: Post): Promise<void> {
    const attempt = await this.tryPost(post.body);
    this.inFlight -= 1;
    if (this.isClosed) return;
    if (post.generation !== this.generation) return this.planPump();
    post.record.attempts.push(attempt);
    const now = this.clock.now();
    if (attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300) this.settle(post, 'delivered');
    else if (now.getTime() - post.firstTriedAt.getTime() > GIVE_UP_AFTER_MS) this.settle(post, 'expired');
    else this.retryLater(post);
    this.planPump();
  }

  private async tryPost(body: string): Promise<WebhookAttempt> {
    const at = this.clock.now().toISOString();
    try {
      const answer = await this.target.pool.request({
        path: this.target.path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': signature(body, this.settings.appSecret),
        },
        body,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: ANSWER_TIMEOUT_MS,
      });
      await answer.body.dump();
      return { at, status: answer.statusCode };
    } catch (error) {
      return {
        at,
        error: error instanceof Error ? ('code' in error && String(error.code)) || error.message : String(error),
      };
    }
  }

  private retryLater(post: Post): void {
    const delay = RETRY_AFTER_MS[post.record.attempts.length - 1] ?? RETRY_AFTER_MS.at(-1) ?? 0;
    this.realTime.after(delay, () => {
      this.inFlight += 1;
      void this.post(post);
    });
  }

  private settle(post: Post, state: 'delivered' | 'expired'): void {
    post.record.state = state;
    this.unsettled -= Math.max(1, post.batch.events.length);
    for (const event of post.batch.events) event.settled?.(state === 'delivered');
    this.lanes.done(post.batch);
  }
}

function targetOf(address: string): { pool: Pool; path: string; url: string } {
  const url = requireLoopback(address);
  const pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1, connect: { timeout: 3_000 } });
  return { pool, path: `${url.pathname}${url.search}`, url: url.href };
}
