import { Injectable } from '@nestjs/common';
import { Pool } from 'undici';
import { SandboxClock } from './clock.js';
import { Faults } from './faults.js';
import type { JsonObject } from './json-input.js';
import { Newest } from './ledger.js';
import { RealTime } from './real-time.js';
import { requireLoopback, SandboxSettings } from './settings.js';
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

interface Lane {
  readonly key: string;
  readonly waiting: WebhookEvent[];
  busy: boolean;
  held?: WebhookEvent;
}

interface Post {
  readonly record: WebhookRecord;
  readonly body: string;
  readonly lanes: readonly Lane[];
  readonly events: readonly WebhookEvent[];
  readonly firstTriedAt: Date;
}

/**
 * Posts webhooks as Meta does: signed, retried until a 2xx, statuses in batches. Events of one lane (one customer and
 * number) are posted in order, each only after the one before was taken; a batch joins the statuses of many lanes.
 */
@Injectable()
export class WebhookSender {
  private readonly lanes = new Map<string, Lane>();
  private readyWithStatus: Lane[] = [];
  private ready: Lane[] = [];
  private readonly records: Newest<WebhookRecord>;
  private target: { pool: Pool; path: string; url: string };
  private inFlight = 0;
  private unsettled = 0;
  private lastId = 0;
  private pumpIsPlanned = false;
  private isStatusTurn = false;
  private isClosed = false;

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
    void this.post({ record, body, lanes: [], events: [], firstTriedAt: this.clock.now() });
    return record;
  }

  list(): readonly WebhookRecord[] {
    return this.records.all();
  }

  /** How many events and posts are not yet taken. */
  get pending(): number {
    return this.unsettled;
  }

  /** Forgets everything that waits, and the records. */
  clear(): void {
    for (const lane of this.lanes.values()) {
      this.unsettled -= lane.waiting.splice(0).length + (lane.held ? 1 : 0);
      delete lane.held;
    }
    this.records.clear();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.clear();
    await this.target.pool.destroy();
  }

  private hold(event: WebhookEvent): void {
    const lane = this.laneOf(event.lane);
    this.releaseHeld(lane);
    lane.held = event;
    this.unsettled += 1;
    this.realTime.after(REORDER_HOLD_MS, () => {
      if (lane.held === event) this.releaseHeld(lane);
    });
  }

  private releaseHeld(lane: Lane): void {
    const { held } = lane;
    if (!held) return;
    delete lane.held;
    this.unsettled -= 1;
    this.enqueue(held);
  }

  private enqueue(event: WebhookEvent): void {
    if (this.isClosed) return;
    const lane = this.laneOf(event.lane);
    lane.waiting.push(event);
    this.unsettled += 1;
    if (!lane.busy && lane.waiting.length === 1) this.makeReady(lane);
    this.releaseHeld(lane);
    this.planPump();
  }

  private laneOf(key: string): Lane {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { key, waiting: [], busy: false }));
    return lane;
  }

  private makeReady(lane: Lane): void {
    (lane.waiting[0]?.kind === 'status' ? this.readyWithStatus : this.ready).push(lane);
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
    if (this.isClosed) return false;
    const candidates = this.nextLanes();
    const lanes = candidates.filter((lane) => !lane.busy && lane.waiting.length > 0);
    if (lanes.length === 0) return candidates.length > 0;
    const events = lanes.flatMap((lane) => lane.waiting.splice(0, 1));
    for (const lane of lanes) lane.busy = true;
    const now = this.clock.now();
    const payload = webhookBody(events, now);
    this.inFlight += 1;
    void this.post({ record: this.record(events, payload), body: escapedUnicode(payload), lanes, events, firstTriedAt: now });
    return true;
  }

  /** One lane, or as many with a status as a webhook may hold; in turns, so that neither kind waits for the other. */
  private nextLanes(): Lane[] {
    this.isStatusTurn = this.ready.length === 0 || (!this.isStatusTurn && this.readyWithStatus.length > 0);
    return this.isStatusTurn
      ? this.readyWithStatus.splice(0, this.settings.switches.statusesPerWebhook)
      : this.ready.splice(0, 1);
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
      return { at, error: error instanceof Error ? (('code' in error && String(error.code)) || error.message) : String(error) };
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
    this.unsettled -= Math.max(1, post.events.length);
    for (const event of post.events) event.settled?.(state === 'delivered');
    for (const lane of post.lanes) {
      lane.busy = false;
      if (lane.waiting.length > 0) this.makeReady(lane);
      else if (!lane.held) this.lanes.delete(lane.key);
    }
  }
}

function targetOf(address: string): { pool: Pool; path: string; url: string } {
  const url = requireLoopback(address);
  const pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1, connect: { timeout: 3_000 } });
  return { pool, path: `${url.pathname}${url.search}`, url: url.href };
}
