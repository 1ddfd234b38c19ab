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

  constructor(
    private readonly limit: number,
    private readonly onForget: (item: T) => void = () => undefined,
  ) {}

  push(item: T): void {
    this.items.push(item);
    if (this.items.length < this.limit * 1.25) return;
    const gone = this.items.length - this.limit;
    for (const old of this.items.slice(0, gone)) this.onForget(old);
    this.items = this.items.slice(gone);
    this.forgotten += gone;
  }

  all(): readonly T[] {
    return this.items;
  }

  clear(): void {
    for (const item of this.items) this.onForget(item);
    this.items = [];
    this.forgotten = 0;
  }
}

/** Every accepted message in order of acceptance, the newest `historyLimit` of them. */
@Injectable()
export class Ledger {
  private readonly entries: Newest<LedgerEntry>;
  private readonly events = new Map<string, DeliveryEvent[]>();

  constructor(settings: SandboxSettings) {
    this.entries = new Newest<LedgerEntry>(settings.historyLimit, (entry) => this.events.delete(entry.wamid));
  }

  append(entry: LedgerEntry): void {
    this.entries.push(entry);
    this.events.set(entry.wamid, []);
  }

  note(wamid: string, event: DeliveryEvent): void {
    this.events.get(wamid)?.push(event);
  }

  eventsOf(wamid: string): readonly DeliveryEvent[] {
    return this.events.get(wamid) ?? [];
  }

  find(filter: { to?: string; phoneNumberId?: string; since?: Date }): LedgerEntry[] {
    const since = filter.since?.toISOString();
    return this.entries
      .all()
      .filter(
        (entry) =>
          (filter.to === undefined || entry.to === filter.to) &&
          (filter.phoneNumberId === undefined || entry.phoneNumberId === filter.phoneNumberId) &&
          (since === undefined || entry.acceptedAt >= since),
      );
  }

  get forgotten(): number {
    return this.entries.forgotten;
  }

  clear(): void {
    this.entries.clear();
    this.events.clear();
  }
}
