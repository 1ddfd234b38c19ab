import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { REMINDERS } from '../reminders-lane.js';

/** Tells the merchant's lane, in the open transaction, when it has to look. */
@Injectable()
export class ReminderBell {
  constructor(
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
  ) {}

  async ring(dueAt: Date): Promise<void> {
    const { tenantId } = this.scope;
    await this.lanes.ring(REMINDERS, [{ key: tenantId, tenantId, dueAt }]);
  }
}
