import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type DueNote, DueNotes } from '../../application/ledger/due-notes.js';

@Injectable()
export class SqlDueNotes extends DueNotes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async write(dueId: string, { commitmentStatus, expectedPaymentDate, pausedUntil }: DueNote): Promise<void> {
    await this.unitOfWork.sql.query(
      `update due set
         commitment_status = case when $3::boolean then $4::text else commitment_status end,
         expected_payment_date = case when $5::boolean then $6::date else expected_payment_date end,
         reminder_paused_until = case when $7::boolean then $8::timestamptz else reminder_paused_until end,
         updated_at = $9::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [
        this.scope.tenantId,
        dueId,
        commitmentStatus !== undefined,
        commitmentStatus ?? null,
        expectedPaymentDate !== undefined,
        expectedPaymentDate ?? null,
        pausedUntil !== undefined,
        pausedUntil?.toISOString() ?? null,
        this.clock.now().toISOString(),
      ],
    );
  }

  async writeAnswer(customerId: string, feedback: string, at: Date): Promise<void> {
    await this.unitOfWork.sql.query(
      `update customer set feedback = $3::text, last_interaction_at = $4::timestamptz, updated_at = $5::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and (last_interaction_at is null or last_interaction_at <= $4::timestamptz)`,
      [this.scope.tenantId, customerId, feedback, at.toISOString(), this.clock.now().toISOString()],
    );
  }
}
