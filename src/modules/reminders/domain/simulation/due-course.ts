import { addDays, type CalendarDate } from '../../../../kernel/local-time.js';
import { type Answer, type AnswerPromise, meaningOf, saysTheSame } from '../answers/answer.js';
import type { Sibling, Situation } from '../assessment.js';
import { Commitment, type CommitmentSnapshot, type PromisedDue } from '../commitment.js';
import { isWaiting, replan, type StandingReminder } from '../reminder-plan.js';
import type { Verdict } from '../send-decision.js';
import type { SimulatedDue, SimulatedReminder } from './books.js';
import { about, applied, NEW_REMINDER, type Tell, tellOf } from './simulated-reminder.js';

interface CourseRules {
  /** C58 */
  readonly laterAnswerReplaces: boolean;
  readonly newId: () => string;
}

/** A due in a simulation: what is planned of it, what was promised, what is paid. Plans, answers and promises follow the engine's own rules. */
export class DueCourse {
  #due: SimulatedDue;
  #reminders: readonly SimulatedReminder[];
  #promise: Commitment | undefined;
  #received = 0;

  constructor(
    due: SimulatedDue,
    reminders: readonly SimulatedReminder[],
    promise: CommitmentSnapshot | undefined,
    private readonly rules: CourseRules,
    private readonly tell: Tell,
  ) {
    this.#due = due;
    this.#reminders = reminders;
    this.#promise = promise && Commitment.restore(promise);
  }

  get id(): string {
    return this.#due.id;
  }

  get reminders(): readonly SimulatedReminder[] {
    return this.#reminders;
  }

  get isOpen(): boolean {
    return this.#due.settled === undefined;
  }

  /** When the open promise is judged. */
  get judgedAt(): Date | undefined {
    return this.#promise?.isOpen ? this.#promise.snapshot.judgedAt : undefined;
  }

  /** What the gates look at. */
  get facts(): NonNullable<Situation['due']> {
    const { settled, dueDate, pausedUntil } = this.#due;
    return { outstandingMinor: this.#outstandingMinor, settled, dueDate, pausedUntil };
  }

  /** The others of the same due, as one of them sees them: what was handed over together has left for those only that have not been. */
  siblingsOf(asker: SimulatedReminder): Sibling[] {
    return this.#reminders
      .filter(({ id }) => id !== asker.id)
      .map((one) => ({ ...one, leftAt: one.sentAt ?? (asker.status === 'queued' ? undefined : one.queuedAt) }));
  }

  /** The first day after `day` on which the due comes to a step of its ladder. */
  nextStepAfter(day: CalendarDate): CalendarDate | undefined {
    if (!this.isOpen) return undefined;
    const ahead = this.#due.term.overdueSteps.map((step) => addDays(this.#due.dueDate, step)).filter((on) => on > day);
    return ahead.sort()[0];
  }

  /** Says what is planned already. */
  begin(now: Date): void {
    for (const one of this.#reminders)
      if (isWaiting(one) || one.status === 'queued')
        this.tell('planned', { ...about(one, now), until: one.scheduledFor });
    this.plan(now);
  }

  /** Makes the reminders fit the due, as the planner does. */
  plan(now: Date): void {
    const standing = this.#reminders.filter((one): one is DueReminder => one.stage !== undefined);
    const { added, changed } = replan(this.#due, standing, now);
    for (const one of changed as readonly DueReminder[]) {
      this.#put(one);
      if (one.status === 'cancelled') this.tell('cancelled', { ...about(one, now), reason: one.reason ?? null });
    }
    for (const { at, ...occurrence } of added) {
      const one: DueReminder = {
        ...NEW_REMINDER,
        ...occurrence,
        id: this.rules.newId(),
        customerId: this.#due.customerId,
        dueId: this.id,
        plannedFor: at,
        scheduledFor: at,
      };
      this.#reminders = [...this.#reminders, one];
      this.tell('planned', { ...about(one, now), until: at });
    }
  }

  /** What a decision makes of a reminder. */
  apply(reminder: SimulatedReminder, verdict: Verdict, now: Date): void {
    this.#put(applied(reminder, verdict, now));
    tellOf(this.tell, reminder, verdict, now);
  }

  /** @returns how many of the due the customer has got */
  send(reminder: SimulatedReminder, now: Date): number {
    this.#put({ ...reminder, status: 'sent', reason: undefined, sentAt: now });
    return ++this.#received;
  }

  answer(answer: Answer, now: Date): void {
    if (!this.isOpen) return;
    this.tell('answered', { at: now, dueId: this.id, reason: answer });
    const { promise, pausedUntil } = meaningOf({ answer }, now, this.#due.zone);
    const earlier = this.#openPromise(now);
    if (promise && earlier && !this.#mayReplace(earlier, promise)) return;
    // The pause of a promise that is replaced goes with it; one that was set for longer stays.
    const isReplaced = promise && earlier && !isLater(this.#due.pausedUntil, earlier.judgedAt);
    const standing = isReplaced ? undefined : this.#due.pausedUntil;
    if (promise) this.#make(promise, now);
    this.#due = {
      ...this.#due,
      pausedUntil: pausedUntil && isLater(standing, pausedUntil) ? standing : (pausedUntil ?? standing),
    };
    this.plan(now);
  }

  /** @param share of what is open */
  pay(share: number, now: Date): void {
    if (!this.isOpen) return;
    const amount = Math.max(1, Math.round(this.#outstandingMinor * share));
    const due = { ...this.#due, paidMinor: this.#due.paidMinor + amount };
    const isSettled = due.amountMinor === due.paidMinor + due.writtenOffMinor;
    this.#due = { ...due, settled: isSettled ? (due.writtenOffMinor > 0 ? 'WRITTEN_OFF' : 'PAID') : undefined };
    this.tell('paid', { at: now, dueId: this.id });
    this.#promise?.paymentRecorded(this.#promised, now);
    this.#tellEndOfPromise(now);
    this.plan(now);
  }

  /** Judges the promise if its time has come; broken, it pauses nothing any more. A pause that outlasts it is another's. */
  judge(now: Date): void {
    this.#promise?.judge(this.#promised, now);
    if (!this.#tellEndOfPromise(now) || isLater(this.#due.pausedUntil, now)) return;
    this.#due = { ...this.#due, pausedUntil: undefined };
    this.plan(now);
  }

  get #outstandingMinor(): number {
    return this.#due.amountMinor - this.#due.paidMinor - this.#due.writtenOffMinor;
  }

  get #promised(): PromisedDue {
    return { outstandingMinor: this.#outstandingMinor, paidMinor: this.#due.paidMinor, settled: this.#due.settled };
  }

  /** One whose time is over stands in nobody's way. */
  #openPromise(now: Date): CommitmentSnapshot | undefined {
    this.#promise?.judge(this.#promised, now);
    this.#tellEndOfPromise(now);
    return this.#promise?.snapshot;
  }

  #mayReplace(earlier: CommitmentSnapshot, promise: AnswerPromise): boolean {
    if (saysTheSame(earlier, promise)) return false;
    return promise.answer === 'PAID_TODAY' || this.rules.laterAnswerReplaces;
  }

  #make(promise: AnswerPromise, madeAt: Date): void {
    this.#promise?.supersede(madeAt);
    const { customerId, currency } = this.#due;
    this.#promise = Commitment.make({
      ...promise,
      id: this.rules.newId(),
      customerId,
      dueId: this.id,
      currency,
      due: this.#promised,
      madeAt,
      source: 'tap',
      wamid: undefined,
      said: undefined,
    });
  }

  /** @returns whether it was broken */
  #tellEndOfPromise(now: Date): boolean {
    const state = this.#promise?.snapshot.state;
    if (state === undefined || state === 'open') return false;
    this.#promise = undefined;
    const isBroken = state === 'broken' || state === 'part_kept';
    if (isBroken) this.tell('promise-broken', { at: now, dueId: this.id, reason: state });
    if (state === 'kept') this.tell('promise-kept', { at: now, dueId: this.id });
    return isBroken;
  }

  #put(changed: SimulatedReminder): void {
    this.#reminders = this.#reminders.map((one) => (one.id === changed.id ? changed : one));
  }
}

function isLater(a: Date | undefined, b: Date): boolean {
  return a !== undefined && a > b;
}

type DueReminder = SimulatedReminder & StandingReminder;
