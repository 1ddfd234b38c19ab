import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { REMINDERS } from '../reminders-lane.js';
import { DueReminders } from './due-reminders.js';

/** Reminders that waited for credentials go on as soon as there are some (C67). */
@Injectable()
@ReactsTo([
  'messaging.account-connected',
  'messaging.credential-replaced',
  'messaging.phone-number-resumed',
  'tenants.tenant-resumed',
])
export class WakeRemindersWhenANumberMaySend extends Reaction {
  constructor(
    private readonly reminders: DueReminders,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on(): Promise<void> {
    if (!(await this.reminders.wakeUnable())) return;
    const { tenantId } = this.scope;
    await this.lanes.ring(REMINDERS, [{ key: tenantId, tenantId, dueAt: this.clock.now() }]);
  }
}
