import { Injectable } from '@nestjs/common';
import type { JsonObject } from './json-input.js';
import { SandboxSettings } from './settings.js';

/** A message that the sandbox accepted: the truth against which a sender is judged. */
export interface LedgerEntry {
  readonly wamid: string;
  readonly phoneNumberId: string;
  /** Customer's digits, or the business-scoped user id when there was no number. */
  readonly to: string;
  readonly type: string;
  /** RFC 3339, the sandbox's clock. */
  readonly acceptedAt: string;
  readonly callbackData: string | null;
  readonly payload: JsonObject;
}

/** A delivery event of an accepted message, as `message_history` tells it. */
export interface DeliveryEvent {
  readonly status: string;
  readonly at: Date;
  readonly error?: string;
  /** Set by the webhook's fate: whether the application took it. */
  webhook: 'PENDING' | 'DELIVERED' | 'FAILED';
}

/** A list that keeps its newest `limit` items; forgetting is amortised, so appending stays cheap. */
export class Newest<T> {
  private items: T[] = [];
  /** How many items were forgotten. */
  forgotten = 0;

  constructor(private readonly limit: number) {}

  push(item: T): void {
    this.items.push(item);
    if (this.items.length < this.limit * 1.25) return;
    const gone = this.items.length - this.limit;
    this.items = this.items.slice(gone);
    this.forgotten += gone;
  }

  all(): readonly T[] {
    return this.items;
  }

  clear(): void {
    this.items = [];
    this.forgotten = 0;
  }
}

/** Every accepted message in order of acceptance, the newest `historyLimit` of them, each with what became of it. */
@Injectable()
export class Ledger {
  private readonly recorded: Newest<{ entry: LedgerEntry; events: DeliveryEvent[] }>;

  constructor(settings: SandboxSettings) {
    this.recorded = new Newest(settings.historyLimit);
  }

  /** @returns the list that takes the message's delivery events */
  append(entry: LedgerEntry): DeliveryEvent[] {
    const events: DeliveryEvent[] = [];
    this.recorded.push({ entry, events });
    return events;
  }

  eventsOf(wamid: string): readonly DeliveryEvent[] {
    return this.recorded.all().findLast(({ entry }) => entry.wamid === wamid)?.events ?? [];
  }

  find(filter: { to?: string; phoneNumberId?: string; since?: Date }): LedgerEntry[] {
    const since = filter.since?.toISOString();
    const entries: LedgerEntry[] = [];
    for (const { entry } of this.recorded.all()) {
      const isAsked =
        (filter.to === undefined || entry.to === filter.to) &&
        (filter.phoneNumberId === undefined || entry.phoneNumberId === filter.phoneNumberId) &&
        (since === undefined || entry.acceptedAt >= since);
      if (isAsked) entries.push(entry);
    }
    return entries;
  }

  get forgotten(): number {
    return this.recorded.forgotten;
  }

  clear(): void {
    this.recorded.clear();
  }
}
