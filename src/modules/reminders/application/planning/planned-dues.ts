import { Injectable } from '@nestjs/common';
import { DueNotFound } from '../../../customers/index.js';
import type { DueToPlan } from '../../domain/reminder-plan.js';
import { ReminderPlans } from './reminder-plans.js';

/** One due, as plans see it. */
@Injectable()
export class PlannedDues {
  constructor(private readonly plans: ReminderPlans) {}

  /** Locks the books of the due's customer, then reads. @throws DueNotFound */
  async lock(dueId: string): Promise<DueToPlan> {
    await this.plans.lock([dueId]);
    const [due] = await this.plans.dues([dueId]);
    if (!due) throw new DueNotFound();
    return due;
  }
}
