import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { DuePlanner, type PlannedReminder, PlansDues } from '../../../customers/index.js';
import { LocalDays } from '../../domain/local-days.js';
import { type DueToPlan, isWaiting, replan } from '../../domain/reminder-plan.js';
import { ReminderBell } from './reminder-bell.js';
import { ReminderPlans } from './reminder-plans.js';

/**
 * Makes the reminders of dues fit the dues, in the transaction that changed them (S0.17-S0.24). A handful of statements for any number
 * of dues. Wakes the merchant's lane for the earliest of them, at the latest for the next day on which a due may be overdue.
 */
@Injectable()
@PlansDues()
export class PlanDueReminders extends DuePlanner {
  readonly #days = new LocalDays();

  constructor(
    private readonly plans: ReminderPlans,
    private readonly bell: ReminderBell,
    private readonly clock: Clock,
  ) {
    super();
  }

  async plan(dueIds: readonly string[]): Promise<ReadonlyMap<string, readonly PlannedReminder[]>> {
    if (dueIds.length === 0) return new Map();
    const now = this.clock.now();
    await this.plans.lock(dueIds);
    const dues = await this.plans.dues(dueIds);
    const standing = await this.plans.standing(dueIds);
    const changes = dues.map((due) => ({ due, ...replan(due, standing.get(due.id) ?? [], now) }));
    const isAnythingNew = changes.some(({ added, changed }) => added.length > 0 || changed.length > 0);
    if (isAnythingNew) await this.plans.save(changes);
    const planned = await this.#planned(dueIds, isAnythingNew ? undefined : standing);
    await this.#ring(dues, planned, now);
    return planned;
  }

  async #planned(
    dueIds: readonly string[],
    known: Awaited<ReturnType<ReminderPlans['standing']>> | undefined,
  ): Promise<Map<string, PlannedReminder[]>> {
    const standing = known ?? (await this.plans.standing(dueIds));
    return new Map(
      dueIds.map((dueId) => [
        dueId,
        (standing.get(dueId) ?? [])
          .filter(isWaiting)
          .map(({ id, stage, scheduledFor }) => ({ id, stage, scheduledFor }))
          .sort((a, b) => a.scheduledFor.getTime() - b.scheduledFor.getTime()),
      ]),
    );
  }

  async #ring(
    dues: readonly DueToPlan[],
    planned: ReadonlyMap<string, readonly PlannedReminder[]>,
    now: Date,
  ): Promise<void> {
    const looks = dues
      .filter(({ settled }) => !settled)
      .flatMap(({ id, zone }) => [
        this.#days.of(zone, now).endsAt,
        ...(planned.get(id) ?? []).map((one) => one.scheduledFor),
      ]);
    if (looks.length === 0) return;
    await this.bell.ring(looks.reduce((first, look) => (look < first ? look : first)));
  }
}
