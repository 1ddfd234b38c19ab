import type { CalendarDate } from '../../../kernel/local-time.js';

const HOUR_MS = 3_600_000;
/** The same stage of the same due is sent once in so long (S0.39). */
export const COOLDOWN_MS = 24 * HOUR_MS;
/** One that is meant for the same hour of the next day is not put off by the seconds that the first took to leave. */
const COOLDOWN_TOLERANCE_MS = 5 * 60_000;
/** How long a reminder waits before it looks again for a number that may speak (C67); connecting one wakes it at once. */
export const CREDENTIALS_LOOK_AGAIN_MS = HOUR_MS;

/** The gates, in the order in which they are asked (S0.46; S1.92, C22-C24, C67; reliability 2.11). The first that is shut decides. */
export const GATES = [
  'PAID',
  'WRITTEN_OFF',
  'PAUSED',
  'OPTED_OUT',
  'CONVERSATION_BLOCKED',
  'REPLANNED',
  'SUPERSEDED',
  'TOO_LATE',
  'COOLDOWN',
  'DAILY_LIMIT',
  'QUIET_HOURS',
  'NO_ADDRESS',
  'NO_CREDENTIALS',
  'NO_TEMPLATE',
  'MISSING_VARIABLE',
] as const;
export type Gate = (typeof GATES)[number];

/**
 * What the gates look at: plain values, so that a decision can be written down with what it saw, shown, and made again. Gathered by
 * the sweep, by the look before each attempt, and by the simulation; decided here only.
 */
export interface ReminderFacts {
  readonly now: Date;
  readonly scheduledFor: Date;
  /** Of PAYMENT_DUE reminders; left out where there is no due. */
  readonly due?: {
    readonly outstandingMinor: number;
    readonly settled: 'PAID' | 'WRITTEN_OFF' | undefined;
    readonly dueDate: CalendarDate;
    readonly pausedUntil: Date | undefined;
  };
  readonly optedOutAt: Date | undefined;
  /** Somebody has blocked a conversation with the customer, on whatever number (S1.92). */
  readonly isBlocked: boolean;
  /** The due has another date by now, and this reminder is none of its plan. */
  readonly isReplanned: boolean;
  /** Another reminder of the due takes this one's place: one that is further on and due, too, or one that has said the same already (C24). */
  readonly supersededBy: string | undefined;
  /** When the same stage of the same due was last sent, or handed over to be sent. */
  readonly lastSentAt: Date | undefined;
  /** When the day's allowance of the customer opens again, if it is used up. */
  readonly limitedUntil: Date | undefined;
  /** The first instant from `now` on at which the customer may be contacted: `now` itself inside the hours. */
  readonly contactableAt: Date;
  readonly lateAfterMinutes: number;
  readonly hasAddress: boolean;
  readonly hasSender: boolean;
  /** Name of the template or `text` inside the window; undefined: nothing may be sent (C41). */
  readonly template: string | undefined;
  /** Variables of it that nothing fills. */
  readonly missingVariables: readonly string[];
}

export type Verdict =
  | { readonly then: 'send' }
  | { readonly then: 'defer'; readonly gate: Gate; readonly until: Date }
  | { readonly then: 'cancel'; readonly gate: Gate }
  | { readonly then: 'expire'; readonly gate: Gate }
  | { readonly then: 'fail'; readonly gate: Gate };

/** Whether a reminder may go out now; if not, what becomes of it. The first gate that is shut decides (S0.37-43, S0.46). */
export function decide(facts: ReminderFacts): Verdict {
  const { now, due } = facts;
  if (due?.settled) return { then: 'cancel', gate: due.settled };
  if (due?.pausedUntil && due.pausedUntil > now) return { then: 'defer', gate: 'PAUSED', until: due.pausedUntil };
  if (facts.optedOutAt) return { then: 'cancel', gate: 'OPTED_OUT' };
  if (facts.isBlocked) return { then: 'cancel', gate: 'CONVERSATION_BLOCKED' };
  if (facts.isReplanned) return { then: 'cancel', gate: 'REPLANNED' };
  if (facts.supersededBy !== undefined) return { then: 'cancel', gate: 'SUPERSEDED' };
  if (now.getTime() - facts.scheduledFor.getTime() > facts.lateAfterMinutes * 60_000)
    return { then: 'expire', gate: 'TOO_LATE' };
  const cooledAt = facts.lastSentAt && new Date(facts.lastSentAt.getTime() + COOLDOWN_MS);
  if (cooledAt && cooledAt.getTime() - now.getTime() > COOLDOWN_TOLERANCE_MS)
    return { then: 'defer', gate: 'COOLDOWN', until: cooledAt };
  if (facts.limitedUntil && facts.limitedUntil > now)
    return { then: 'defer', gate: 'DAILY_LIMIT', until: facts.limitedUntil };
  if (facts.contactableAt > now) return { then: 'defer', gate: 'QUIET_HOURS', until: facts.contactableAt };
  if (!facts.hasAddress) return { then: 'fail', gate: 'NO_ADDRESS' };
  if (!facts.hasSender)
    return { then: 'defer', gate: 'NO_CREDENTIALS', until: new Date(now.getTime() + CREDENTIALS_LOOK_AGAIN_MS) };
  if (facts.template === undefined) return { then: 'fail', gate: 'NO_TEMPLATE' };
  if (facts.missingVariables.length > 0) return { then: 'fail', gate: 'MISSING_VARIABLE' };
  return { then: 'send' };
}
