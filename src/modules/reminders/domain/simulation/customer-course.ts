import { type CalendarDate, instantAt } from '../../../../kernel/local-time.js';
import { assess, type House, type ReminderStage, stageOn, type Words } from '../assessment.js';
import { isWaiting } from '../reminder-plan.js';
import { decide, type Verdict } from '../send-decision.js';
import type { SimulatedCustomer, SimulatedReminder } from './books.js';
import type { DueCourse } from './due-course.js';
import type { Deed, ResponseModel } from './responses.js';
import { about, applied, type Tell, tellOf } from './simulated-reminder.js';
import type { Timeline } from './timeline.js';

const WINDOW_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** What holds for all customers of a simulation. */
export interface World {
  readonly house: House;
  /** What would be said in a reminder. @param stage of a due's, as of the moment */
  readonly words: (
    reminder: SimulatedReminder,
    customer: SimulatedCustomer,
    stage: ReminderStage | undefined,
    inWindow: boolean,
  ) => Words;
  readonly responses: ResponseModel;
  readonly timeline: Timeline;
}

interface ComingDeed {
  readonly at: Date;
  readonly dueId: string;
  readonly deed: Deed;
}

/**
 * A customer in a simulation. Customers do not touch each other, so one is looked at only when something of theirs comes up, and then
 * in the engine's order: what they do, promises, steps of overdue dues, reminders, and the last look before each leaves.
 */
export class CustomerCourse {
  readonly #dues: readonly DueCourse[];
  readonly #tell: Tell;
  /** Reminders that hang on no open due: other kinds, and what was sent of dues that are settled. */
  #others: readonly SimulatedReminder[];
  #coming: readonly ComingDeed[] = [];
  #optedOutAt: Date | undefined;
  #windowOpenUntil: Date | undefined;
  /** The local day up to which steps of overdue dues were looked for. */
  #scannedOn: CalendarDate;
  #scansAt: Date | undefined;

  constructor(
    private readonly customer: SimulatedCustomer,
    duesOf: (tell: Tell) => readonly DueCourse[],
    others: readonly SimulatedReminder[],
    private readonly world: World,
    now: Date,
  ) {
    this.#optedOutAt = customer.optedOutAt;
    this.#windowOpenUntil = customer.windowOpenUntil;
    this.#others = others;
    this.#tell = (what, entry) => world.timeline.add({ ...NOTHING, ...entry, what, customerId: customer.id });
    this.#dues = duesOf(this.#tell);
    this.#scannedOn = world.house.days.of(customer.zone, now).date;
  }

  /** Says what is planned, plans what is missing, and does what is due already. */
  begin(now: Date): void {
    for (const one of this.#others)
      if (isWaiting(one) || one.status === 'queued')
        this.#tell('planned', { ...about(one, now), until: one.scheduledFor });
    for (const due of this.#dues) due.begin(now);
    this.#scansAt = this.#nextScan();
    this.visit(now);
  }

  /** When the customer is to be looked at next. */
  get nextAt(): Date | undefined {
    const instants = [
      this.#scansAt,
      ...this.#coming.map(({ at }) => at),
      ...this.#dues.map(({ judgedAt }) => judgedAt),
      ...this.#reminders()
        .filter(isWaiting)
        .map(({ scheduledFor }) => scheduledFor),
    ];
    return instants.reduce((first, at) => (at && (!first || at < first) ? at : first), undefined);
  }

  get waiting(): number {
    return this.#reminders().filter(isWaiting).length;
  }

  visit(now: Date): void {
    this.#act(now);
    for (const due of this.#dues) if (due.judgedAt && due.judgedAt <= now) due.judge(now);
    if (this.#scansAt && this.#scansAt <= now) this.#scan(now);
    this.#sweep(now);
    this.#release(now);
  }

  #act(now: Date): void {
    const due = this.#coming.filter(({ at }) => at <= now).sort((a, b) => a.at.getTime() - b.at.getTime());
    this.#coming = this.#coming.filter(({ at }) => at > now);
    for (const { dueId, deed } of due) this.#do(this.#dueOf(dueId)!, deed, now);
  }

  #do(due: DueCourse, deed: Deed, now: Date): void {
    if ('pay' in deed) return due.pay(deed.pay, now);
    this.#windowOpenUntil = new Date(now.getTime() + WINDOW_MS);
    if ('answer' in deed) return due.answer(deed.answer, now);
    if (this.#optedOutAt) return;
    this.#optedOutAt = now;
    this.#tell('opted-out', { at: now });
  }

  #scan(now: Date): void {
    const today = this.world.house.days.of(this.customer.zone, now).date;
    for (const due of this.#dues) {
      const step = due.nextStepAfter(this.#scannedOn);
      if (step !== undefined && step <= today) due.plan(now);
    }
    this.#scannedOn = today;
    this.#scansAt = this.#nextScan();
  }

  #nextScan(): Date | undefined {
    const steps = this.#dues.flatMap((due) => due.nextStepAfter(this.#scannedOn) ?? []).sort();
    return steps[0] && instantAt(steps[0], '00:00', this.customer.zone);
  }

  /** All that are due are decided on with what holds before any of them is handed over. */
  #sweep(now: Date): void {
    const due = this.#reminders()
      .filter((one) => isWaiting(one) && one.scheduledFor <= now)
      .sort(inOrder);
    const verdicts = due.map((one) => this.#decide(one, now));
    due.forEach((one, index) => this.#apply(one, verdicts[index]!, now));
  }

  /** Every gate once more, one after the other, before each leaves. */
  #release(now: Date): void {
    const queued = this.#reminders().filter(({ status }) => status === 'queued');
    for (const one of queued.sort(inOrder)) {
      const verdict = this.#decide(one, now);
      if (verdict.then === 'send') this.#send(one, now);
      else this.#apply(one, verdict, now);
    }
  }

  #decide(reminder: SimulatedReminder, now: Date): Verdict {
    const { house, words } = this.world;
    const due = this.#dueOf(reminder.dueId);
    const { zone, hasAddress, isBlocked } = this.customer;
    const today = house.days.of(zone, now);
    const stage = due && stageOn(due.facts.dueDate, today.date);
    const situation = {
      reminder: { ...reminder, leftAt: undefined },
      zone,
      ...(due ? { due: due.facts } : {}),
      siblings: due?.siblingsOf(reminder) ?? [],
      optedOutAt: this.#optedOutAt,
      isBlocked,
      sentToday: this.#reminders().filter(({ sentAt }) => sentAt && sentAt >= today.startsAt).length,
      hasAddress,
    };
    return decide(assess(situation, words(reminder, this.customer, stage, this.#isInWindow(now)), house, now));
  }

  #apply(reminder: SimulatedReminder, verdict: Verdict, now: Date): void {
    const due = this.#dueOf(reminder.dueId);
    if (due) return due.apply(reminder, verdict, now);
    this.#putOther(applied(reminder, verdict, now));
    tellOf(this.#tell, reminder, verdict, now);
  }

  #send(reminder: SimulatedReminder, now: Date): void {
    const { timeline, house, responses } = this.world;
    const { id: customerId, zone } = this.customer;
    const entry = { ...NOTHING, ...about(reminder, now), what: 'sent' as const, customerId };
    timeline.addSent(entry, house.days.of(zone, now).date, this.#isInWindow(now));
    const due = this.#dueOf(reminder.dueId);
    if (!due) return this.#putOther({ ...reminder, status: 'sent', sentAt: now });
    const nth = due.send(reminder, now);
    const answers = responses({ customerId, dueId: due.id, nth }).map(({ afterMinutes, ...deed }) => ({
      at: new Date(now.getTime() + afterMinutes * MINUTE_MS),
      dueId: due.id,
      deed,
    }));
    this.#coming = [...this.#coming, ...answers];
  }

  #isInWindow(now: Date): boolean {
    return this.#windowOpenUntil !== undefined && this.#windowOpenUntil > now;
  }

  #reminders(): readonly SimulatedReminder[] {
    return [...this.#dues.flatMap(({ reminders }) => reminders), ...this.#others];
  }

  #dueOf(dueId: string | undefined): DueCourse | undefined {
    return dueId === undefined ? undefined : this.#dues.find(({ id }) => id === dueId);
  }

  #putOther(changed: SimulatedReminder): void {
    this.#others = this.#others.map((one) => (one.id === changed.id ? changed : one));
  }
}

/** In which reminders are taken: by their time, and of one time the older first. */
function inOrder(a: SimulatedReminder, b: SimulatedReminder): number {
  return a.scheduledFor.getTime() - b.scheduledFor.getTime() || (a.id < b.id ? -1 : 1);
}

const NOTHING = {
  dueId: null,
  reminderId: null,
  stage: null,
  step: null,
  localDate: null,
  reason: null,
  until: null,
} as const;
