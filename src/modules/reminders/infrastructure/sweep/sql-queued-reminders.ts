import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type QueuedReminder, QueuedReminders } from '../../application/sweep/queued-reminders.js';

/** Both ride reminder_queued: where nothing is on its way, they cost a look into an index without a row of the merchant's. */
@Injectable()
export class SqlQueuedReminders extends QueuedReminders {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  before(at: Date, last: QueuedReminder | undefined, limit: number): Promise<readonly QueuedReminder[]> {
    return this.unitOfWork.sql.query<QueuedReminder>(
      `select id as "reminderId", message_id as "messageId", queued_at as "queuedAt", reason is not distinct from 'MAYBE_SENT' as "isMaybeSent"
       from reminder
       where tenant_id = $1::uuid and status = 'queued' and queued_at < $2::timestamptz
         and ($3::timestamptz is null or (queued_at, id) > ($3::timestamptz, $4::uuid))
       order by queued_at, id limit $5`,
      [this.scope.tenantId, at.toISOString(), last?.queuedAt.toISOString() ?? null, last?.reminderId ?? null, limit],
    );
  }

  async waitForNews(): Promise<boolean> {
    const rows = await this.unitOfWork.sql.query(
      `select 1 from reminder where tenant_id = $1::uuid and status = 'queued' and reason is distinct from 'MAYBE_SENT' limit 1`,
      [this.scope.tenantId],
    );
    return rows.length > 0;
  }
}
