import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { ReminderBell } from './reminder-bell.js';
import { ReminderPlans } from './reminder-plans.js';

/** What an earlier policy has put off is decided on anew: the new one may allow it now (D7). */
@Injectable()
@ReactsTo(['customers.contact-policy-changed'])
export class LookAgainWhenContactPolicyChanges extends Reaction {
  constructor(
    private readonly plans: ReminderPlans,
    private readonly bell: ReminderBell,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on(): Promise<void> {
    if (await this.plans.lookAgain(['QUIET_HOURS', 'DAILY_LIMIT'])) await this.bell.ring(this.clock.now());
  }
}
