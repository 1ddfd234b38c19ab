import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { TenantEvents } from '../../../../platform/realtime/tenant-events.js';
import { AccountAlerts, type NewAlert } from '../../application/health/account-alerts.js';

@Injectable()
export class SqlAccountAlerts extends AccountAlerts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly events: TenantEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  async acknowledge(
    { code, accountId, phoneNumberId, subject }: Pick<NewAlert, 'code' | 'accountId' | 'phoneNumberId' | 'subject'>,
    by: string,
  ): Promise<void> {
    await this.unitOfWork.sql.query(
      `update account_alert set acknowledged_at = $6::timestamptz, acknowledged_by = $7
       where tenant_id = $1::uuid and code = $2 and account_id is not distinct from $3::uuid and phone_number_id is not distinct from $4
         and subject = $5 and acknowledged_at is null`,
      [
        this.scope.tenantId,
        code,
        accountId ?? null,
        phoneNumberId ?? null,
        subject ?? '',
        this.clock.now().toISOString(),
        by,
      ],
    );
  }

  async raise({ code, severity, accountId, phoneNumberId, subject, detail }: NewAlert): Promise<void> {
    // No row comes back of an alert that stands open just so: nothing is news then.
    const [raised] = await this.unitOfWork.sql.query<{ id: string }>(
      `insert into account_alert as open (tenant_id, id, account_id, phone_number_id, code, subject, severity, detail, at)
       values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8::jsonb, $9::timestamptz)
       on conflict (tenant_id, code, account_id, phone_number_id, subject) where acknowledged_at is null
       do update set severity = excluded.severity, detail = excluded.detail, at = excluded.at
         where (open.severity, open.detail) is distinct from (excluded.severity, excluded.detail)
       returning id`,
      [
        this.scope.tenantId,
        newId(),
        accountId ?? null,
        phoneNumberId ?? null,
        code,
        subject ?? '',
        severity,
        JSON.stringify(detail),
        this.clock.now().toISOString(),
      ],
    );
    if (!raised) return;
    const about = {
      ...(accountId !== undefined && { accountId }),
      ...(phoneNumberId !== undefined && { phoneNumberId }),
      ...(subject !== undefined && { subject }),
    };
    await this.events.append([
      {
        name: 'notification',
        phoneNumberId,
        payload: { kind: 'account-alert', alertId: raised.id, code, severity, ...about, detail },
      },
    ]);
  }
}
