import type { WebhookEvent } from './webhook-payload.js';

/** The events of one customer and number, in order; at most one of them is on its way. */
export interface Lane {
  readonly key: string;
  readonly waiting: WebhookEvent[];
  busy: boolean;
  /** An event that lets the next one pass. */
  held?: WebhookEvent;
}

/** What goes into one POST: the first events of some lanes. */
export interface Batch {
  readonly lanes: readonly Lane[];
  readonly events: readonly WebhookEvent[];
}

/** Keeps the order within each lane, and gathers the statuses of many lanes into one batch. */
export class WebhookLanes {
  private lanes = new Map<string, Lane>();
  private readyWithStatus: Lane[] = [];
  private ready: Lane[] = [];
  private isStatusTurn = false;

  push(event: WebhookEvent): void {
    const lane = this.laneOf(event.lane);
    lane.waiting.push(event);
    if (!lane.busy && lane.waiting.length === 1) this.makeReady(lane);
    this.releaseHeld(lane);
  }

  /** Keeps an event back until the next one of its lane was pushed, or `release` is called. */
  hold(event: WebhookEvent): { release: () => void } {
    const lane = this.laneOf(event.lane);
    this.releaseHeld(lane);
    lane.held = event;
    return { release: () => lane.held === event && this.releaseHeld(lane) };
  }

  /** The next batch: one event, or up to `limit` statuses; in turns, so that neither kind waits for the other. */
  next(limit: number): Batch | undefined {
    if (this.ready.length + this.readyWithStatus.length === 0) return undefined;
    this.isStatusTurn = this.ready.length === 0 || (!this.isStatusTurn && this.readyWithStatus.length > 0);
    const lanes = this.isStatusTurn ? this.readyWithStatus.splice(0, limit) : this.ready.splice(0, 1);
    const events = lanes.flatMap((lane) => lane.waiting.splice(0, 1));
    for (const lane of lanes) lane.busy = true;
    return { lanes, events };
  }

  /** The batch is done with: its lanes may go on. */
  done({ lanes }: Batch): void {
    for (const lane of lanes) {
      lane.busy = false;
      if (lane.waiting.length > 0) this.makeReady(lane);
      else if (!lane.held) this.lanes.delete(lane.key);
    }
  }

  clear(): void {
    this.lanes = new Map();
    this.ready = [];
    this.readyWithStatus = [];
  }

  private releaseHeld(lane: Lane): void {
    const { held } = lane;
    if (!held) return;
    delete lane.held;
    this.push(held);
  }

  private laneOf(key: string): Lane {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { key, waiting: [], busy: false }));
    return lane;
  }

  private makeReady(lane: Lane): void {
    (lane.waiting[0]?.kind === 'status' ? this.readyWithStatus : this.ready).push(lane);
  }
}
