import { type CalendarDate, instantAt } from '../../../kernel/local-time.js';
import { type ReminderStage, type ReminderStatus, stageOn, stepOn } from './assessment.js';
import { type Occurrence, occurrencesOf, stepReached, type Term } from './reminder-schedule.js';

/** A due with all that its plan hangs on. */
export interface DueToPlan {
  readonly id: string;
  readonly customerId: string;
  readonly dueDate: CalendarDate;
  /** How it was settled; undefined: it is open. */
  readonly settled: 'PAID' | 'WRITTEN_OFF' | undefined;
  readonly pausedUntil: Date | undefined;
  readonly term: Term;
  /** The customer's. */
  readonly zone: string;
}

/** A reminder of the due as it stands; those that were replanned away no longer count. */
export interface StandingReminder {
  readonly id: string;
  readonly stage: ReminderStage;
  readonly step: number;
  readonly localDate: CalendarDate;
  readonly plannedFor: Date;
  readonly scheduledFor: Date;
  readonly status: ReminderStatus;
  readonly reason: string | undefined;
  readonly source: 'auto' | 'manual';
}

export interface PlanChanges {
  readonly added: readonly Occurrence[];
  /** As they are to stand from now on. */
  readonly changed: readonly StandingReminder[];
}

/**
 * What has to change so that the reminders of a due are those that its date, term, zone, pause and payments ask for. What has been
 * handed over or sent stays as it is; what a person scheduled only ends with the due. Asked again, it has nothing to change.
 */
export function replan(due: DueToPlan, standing: readonly StandingReminder[], now: Date): PlanChanges {
  if (due.settled) return { added: [], changed: standing.filter(isWaiting).map((one) => ended(one, due.settled!)) };
  const fitted = standing.map((one) => fit(one, due, now));
  const overdueOn = fitted
    .filter((one) => one.stage === 'after_due' && !endedWithDue(one) && one.reason !== 'REPLANNED')
    .map(({ localDate }) => localDate);
  const wanted = occurrencesOf(due, due.term, due.zone, now, overdueOn);
  const revived = fitted.map((one) => revive(one, wanted, now));
  return {
    added: wanted.filter((occurrence) => !fitted.some((one) => isSame(one, occurrence))),
    changed: revived.filter((one, index) => one !== standing[index]),
  };
}

export function isWaiting({ status }: Pick<StandingReminder, 'status'>): boolean {
  return status === 'pending' || status === 'rescheduled';
}

/** @returns the same object when it fits as it is */
function fit(one: StandingReminder, due: DueToPlan, now: Date): StandingReminder {
  if (!isWaiting(one)) return one;
  if (one.source === 'auto' && !isPlanned(one, due)) return ended(one, 'REPLANNED');
  return unpaused(one.source === 'auto' ? moved(one, due, now) : one, due, now);
}

/** Whether the due's date and term still ask for the reminder, whether its instant has passed or not. */
function isPlanned({ stage, step, localDate }: StandingReminder, { dueDate, term }: DueToPlan): boolean {
  if (stage !== stageOn(dueDate, localDate) || step !== stepOn(dueDate, localDate)) return false;
  return stage === 'after_due'
    ? stepReached(dueDate, term, localDate) !== undefined
    : term.reminderOffsets.includes(step);
}

/** The term's hour or the customer's zone may be another. What the new hour has passed over goes now; what was due is due. */
function moved(one: StandingReminder, { term, zone }: DueToPlan, now: Date): StandingReminder {
  const at = instantAt(one.localDate, term.sendAt, zone);
  if (one.plannedFor <= now || at.getTime() === one.plannedFor.getTime()) return one;
  const plannedFor = at < now ? now : at;
  return wasMovedByPerson(one) ? { ...one, plannedFor } : scheduled({ ...one, plannedFor }, plannedFor);
}

/** A reminder that waits for the end of a pause waits for the pause that there is, if any. */
function unpaused(one: StandingReminder, { pausedUntil }: DueToPlan, now: Date): StandingReminder {
  if (one.reason !== 'PAUSED') return one;
  if (pausedUntil === undefined || pausedUntil <= now) return scheduled(one, later(one.plannedFor, now));
  const scheduledFor = later(one.plannedFor, pausedUntil);
  return scheduledFor.getTime() === one.scheduledFor.getTime() ? one : { ...one, scheduledFor };
}

/** A due that was settled and is open again has its reminders again, as far as they lie ahead. */
function revive(one: StandingReminder, wanted: readonly Occurrence[], now: Date): StandingReminder {
  if (!endedWithDue(one)) return one;
  const occurrence = wanted.find((candidate) => isSame(one, candidate));
  if (occurrence) return scheduled({ ...one, plannedFor: occurrence.at }, occurrence.at);
  return one.source === 'manual' && one.scheduledFor > now ? scheduled(one, one.scheduledFor) : one;
}

function isSame(one: StandingReminder, { stage, step, localDate }: Occurrence): boolean {
  return one.reason !== 'REPLANNED' && one.stage === stage && one.step === step && one.localDate === localDate;
}

function endedWithDue({ status, reason }: StandingReminder): boolean {
  return status === 'cancelled' && (reason === 'PAID' || reason === 'WRITTEN_OFF');
}

/** Gates say why they put a reminder off; a person need not. */
function wasMovedByPerson({ status, reason }: StandingReminder): boolean {
  return status === 'rescheduled' && reason === undefined;
}

function ended(one: StandingReminder, reason: 'PAID' | 'WRITTEN_OFF' | 'REPLANNED'): StandingReminder {
  return { ...one, status: 'cancelled', reason };
}

function scheduled(one: StandingReminder, scheduledFor: Date): StandingReminder {
  return { ...one, scheduledFor, status: 'pending', reason: undefined };
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
