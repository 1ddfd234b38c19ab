import type { Gate } from '../../domain/send-decision.js';
import type { DueToPlan, PlanChanges, StandingReminder } from '../../domain/reminder-plan.js';

/** What a due's plan is to become. */
export interface DuePlanChanges extends PlanChanges {
  readonly due: DueToPlan;
}

/** Dues with their reminders, many at a time, in the open transaction of either kind. */
export abstract class ReminderPlans {
  /** Locks the books of the dues' customers, in one order, so that nobody else plans or forbids meanwhile. */
  abstract lock(dueIds: readonly string[]): Promise<void>;
  /** Oldest due date first: of reminders for one instant, those of the older due come first. */
  abstract dues(dueIds: readonly string[]): Promise<readonly DueToPlan[]>;
  /** By due; reminders that were replanned away are left out. */
  abstract standing(dueIds: readonly string[]): Promise<ReadonlyMap<string, readonly StandingReminder[]>>;
  /** What was handed over meanwhile stays as it is, and what exists already is not made again. */
  abstract save(changes: readonly DuePlanChanges[]): Promise<void>;
  /** Lets reminders be decided on now that one of these gates has put off. @returns whether there are any */
  abstract lookAgain(shutBy: readonly Gate[]): Promise<boolean>;
}
