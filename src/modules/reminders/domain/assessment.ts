import { type CalendarDate, daysBetween } from '../../../kernel/local-time.js';
import type { LocalDay, LocalDays } from './local-days.js';
import type { ReminderFacts } from './send-decision.js';

export type ReminderKind = 'PAYMENT_DUE' | 'CART_ABANDONED' | 'ORDER_FOLLOWUP' | 'RESTOCK' | 'CUSTOM';
export type ReminderStage = 'before_due' | 'due_today' | 'after_due';
export type ReminderStatus = 'pending' | 'rescheduled' | 'queued' | 'sent' | 'failed' | 'cancelled' | 'expired';

/** Another reminder of the same due, as far as it matters. */
export interface Sibling {
  readonly id: string;
  readonly stage: ReminderStage | undefined;
  readonly step: number;
  readonly status: ReminderStatus;
  readonly source: 'auto' | 'manual';
  readonly scheduledFor: Date;
  /** When it was sent, or handed over to be sent. */
  readonly leftAt: Date | undefined;
}

/** A reminder that is up for a decision, with what the books say at this moment. */
export interface Situation {
  readonly reminder: Sibling & { readonly kind: ReminderKind; readonly localDate: CalendarDate };
  /** The customer's. */
  readonly zone: string;
  readonly due?: {
    readonly outstandingMinor: number;
    readonly settled: 'PAID' | 'WRITTEN_OFF' | undefined;
    readonly dueDate: CalendarDate;
    readonly pausedUntil: Date | undefined;
  };
  readonly siblings: readonly Sibling[];
  readonly optedOutAt: Date | undefined;
  readonly isBlocked: boolean;
  /** Reminders that the customer got on this local day, of whatever due. */
  readonly sentToday: number;
  readonly hasAddress: boolean;
}

/** What holds for a whole merchant at this moment. */
export interface House {
  readonly policyVersion: number;
  readonly maxPerDay: number | undefined;
  readonly lateAfterMinutes: number;
  /** The first instant from `now` on at which a customer of a zone may be contacted. */
  readonly contactableAt: (zone: string, now: Date) => Date;
  readonly hasSender: boolean;
  readonly days: LocalDays;
}

/** What is to be said: a template or a text, and what is missing in it. */
export interface Words {
  readonly template: string | undefined;
  readonly missingVariables: readonly string[];
}

/** The stage that a reminder has on a day, whatever it was planned as (C24). */
export function stageOn(dueDate: CalendarDate, day: CalendarDate): ReminderStage {
  if (day < dueDate) return 'before_due';
  return day === dueDate ? 'due_today' : 'after_due';
}

/** Gathers what the gates look at: the one way from what is stored to a decision, for the sweep, the last look and the simulation. */
export function assess(situation: Situation, words: Words, house: House, now: Date): ReminderFacts {
  const { reminder, zone, due, siblings, sentToday } = situation;
  const today = house.days.of(zone, now);
  const stage = due && stageOn(due.dueDate, today.date);
  const isOverLimit = house.maxPerDay !== undefined && sentToday >= house.maxPerDay;
  return {
    now,
    scheduledFor: reminder.scheduledFor,
    ...(due ? { due } : {}),
    optedOutAt: situation.optedOutAt,
    isBlocked: situation.isBlocked,
    isReplanned: due !== undefined && isReplanned(reminder, due.dueDate),
    supersededBy: stage && reminder.source === 'auto' ? supersederOf(situation, stage, today) : undefined,
    lastSentAt: stage && latest(siblings.filter((sibling) => sibling.stage === stage).map(({ leftAt }) => leftAt)),
    limitedUntil: isOverLimit ? today.endsAt : undefined,
    contactableAt: house.contactableAt(zone, now),
    lateAfterMinutes: house.lateAfterMinutes,
    hasAddress: situation.hasAddress,
    hasSender: house.hasSender,
    template: words.template,
    missingVariables: words.missingVariables,
  };
}

/** Whether an automatic reminder was planned for another due date than the due has by now. */
function isReplanned({ source, stage, step, localDate }: Situation['reminder'], dueDate: CalendarDate): boolean {
  return source === 'auto' && (stage !== stageOn(dueDate, localDate) || step !== stepOn(dueDate, localDate));
}

/**
 * Who takes an automatic reminder's place (C24): one that is further on and waits for no later day; or, when a delay has made it
 * another stage, one that has or had that stage already.
 */
function supersederOf({ reminder, siblings }: Situation, stage: ReminderStage, today: LocalDay): string | undefined {
  const rival = siblings.find((sibling) => {
    if (sibling.source !== 'auto' || sibling.stage === undefined) return false;
    const waits = sibling.status === 'pending' || sibling.status === 'rescheduled';
    if (waits && isFurther(sibling, reminder) && sibling.scheduledFor < today.endsAt) return true;
    const counts = waits || sibling.status === 'queued' || sibling.status === 'sent';
    return counts && reminder.stage !== stage && sibling.stage === stage && isFurther(sibling, reminder);
  });
  return rival?.id;
}

const RANK: Readonly<Record<ReminderStage, number>> = { before_due: 0, due_today: 1, after_due: 2 };

/** Whether `a` comes after `b` in a due's course. */
export function isFurther(a: Pick<Sibling, 'stage' | 'step'>, b: Pick<Sibling, 'stage' | 'step'>): boolean {
  const [rankA, rankB] = [RANK[a.stage!], RANK[b.stage!]];
  if (rankA !== rankB) return rankA > rankB;
  return a.stage === 'before_due' ? a.step < b.step : a.step > b.step;
}

/** Whole days between the due date and a day, either way: the step of a reminder that is meant for it. */
export function stepOn(dueDate: CalendarDate, day: CalendarDate): number {
  return Math.abs(daysBetween(dueDate, day));
}

function latest(instants: readonly (Date | undefined)[]): Date | undefined {
  return instants.reduce<Date | undefined>((last, at) => (at && (!last || at > last) ? at : last), undefined);
}
