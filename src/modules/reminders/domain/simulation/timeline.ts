import type { CalendarDate } from '../../../../kernel/local-time.js';
import type { ReminderStage } from '../assessment.js';

export const HAPPENINGS = [
  'planned',
  'sent',
  'deferred',
  'cancelled',
  'expired',
  'failed',
  'answered',
  'promise-kept',
  'promise-broken',
  'paid',
  'opted-out',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** One thing that happens in a simulation. */
export interface TimelineEntry {
  readonly at: Date;
  readonly what: Happening;
  readonly customerId: string;
  readonly dueId: string | null;
  /** Null: it is none that exists already, or this is about no reminder. */
  readonly reminderId: string | null;
  readonly stage: ReminderStage | null;
  readonly step: number | null;
  /** The customer's day that the reminder is meant for. */
  readonly localDate: CalendarDate | null;
  /** The gate that was shut, or the answer that was given. */
  readonly reason: string | null;
  /** When it goes out if nothing comes in between, or is looked at again. */
  readonly until: Date | null;
}

/** What a simulation comes to. Each planned reminder is sent, cancelled, expired, failed or still waiting: one of them. */
export interface SimulationSummary {
  readonly planned: number;
  readonly sent: number;
  readonly waiting: number;
  readonly counts: readonly HappeningCount[];
  /** In the order of days, those of the customers. */
  readonly perDay: readonly { readonly day: CalendarDate; readonly sent: number }[];
  readonly customersReminded: number;
  /** Those who get most, a hundred at most. */
  readonly perCustomer: readonly { readonly customerId: string; readonly sent: number }[];
  /** Outside of a conversation that the customer opened: what WhatsApp charges for. */
  readonly businessInitiated: number;
  readonly inWindow: number;
}

export interface HappeningCount {
  readonly what: Happening;
  readonly reason: string | null;
  readonly count: number;
}

/** Keeps the first entries, and counts all. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #counts = new Map<string, HappeningCount>();
  readonly #perDay = new Map<CalendarDate, number>();
  readonly #perCustomer = new Map<string, number>();
  #inWindow = 0;
  #length = 0;

  constructor(private readonly limit: number) {}

  get isTruncated(): boolean {
    return this.#length > this.limit;
  }

  add(entry: TimelineEntry): void {
    if (++this.#length <= this.limit) this.entries.push(entry);
    const key = `${entry.what} ${entry.reason}`;
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { what: entry.what, reason: entry.reason, count });
  }

  /** A reminder that goes out, on a day of the customer's. */
  addSent(entry: TimelineEntry, day: CalendarDate, isInWindow: boolean): void {
    this.add(entry);
    this.#perDay.set(day, (this.#perDay.get(day) ?? 0) + 1);
    this.#perCustomer.set(entry.customerId, (this.#perCustomer.get(entry.customerId) ?? 0) + 1);
    if (isInWindow) this.#inWindow++;
  }

  summary(waiting: number): SimulationSummary {
    const counts = [...this.#counts.values()].sort((a, b) => b.count - a.count);
    const sumOf = (what: Happening): number =>
      counts.reduce((sum, each) => (each.what === what ? sum + each.count : sum), 0);
    const sent = sumOf('sent');
    return {
      planned: sumOf('planned'),
      sent,
      waiting,
      counts,
      perDay: [...this.#perDay].map(([day, n]) => ({ day, sent: n })).sort((a, b) => (a.day < b.day ? -1 : 1)),
      customersReminded: this.#perCustomer.size,
      perCustomer: [...this.#perCustomer]
        .map(([customerId, n]) => ({ customerId, sent: n }))
        .sort((a, b) => b.sent - a.sent || (a.customerId < b.customerId ? -1 : 1))
        .slice(0, 100),
      businessInitiated: sent - this.#inWindow,
      inWindow: this.#inWindow,
    };
  }
}
