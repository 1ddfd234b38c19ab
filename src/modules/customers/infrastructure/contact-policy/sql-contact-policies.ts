import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ContactPolicies } from '../../application/contact-policy/contact-policies.js';
import { type ContactPolicy, HOUSE_POLICY } from '../../domain/contact-policy.js';

const COLUMNS = `version, allowed_from as "allowedFrom", allowed_until as "allowedUntil", weekdays, holidays::text[] as holidays,
  max_per_day as "maxPerDay", late_after_minutes as "lateAfterMinutes", later_answer_replaces as "laterAnswerReplaces"`;

type PolicyRow = Omit<ContactPolicy, 'maxPerDay'> & { readonly maxPerDay: number | null };

@Injectable()
export class SqlContactPolicies extends ContactPolicies {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async current(): Promise<ContactPolicy> {
    const [row] = await this.unitOfWork.sql.query<PolicyRow>(
      `select ${COLUMNS} from contact_policy where tenant_id = $1::uuid`,
      [this.scope.tenantId],
    );
    return row ? { ...row, maxPerDay: row.maxPerDay ?? undefined } : HOUSE_POLICY;
  }

  async replace(policy: Omit<ContactPolicy, 'version'>): Promise<ContactPolicy> {
    const [row] = await this.unitOfWork.sql.query<{ version: number }>(
      `insert into contact_policy as p (tenant_id, version, allowed_from, allowed_until, weekdays, holidays, max_per_day, late_after_minutes, later_answer_replaces, updated_at)
       values ($1::uuid, 1, $2, $3, $4::int[], $5::date[], $6::int, $7::int, $8::boolean, $9::timestamptz)
       on conflict (tenant_id) do update set version = p.version + 1, allowed_from = excluded.allowed_from,
         allowed_until = excluded.allowed_until, weekdays = excluded.weekdays, holidays = excluded.holidays,
         max_per_day = excluded.max_per_day, late_after_minutes = excluded.late_after_minutes,
         later_answer_replaces = excluded.later_answer_replaces, updated_at = excluded.updated_at
       returning version`,
      [
        this.scope.tenantId,
        policy.allowedFrom,
        policy.allowedUntil,
        policy.weekdays,
        policy.holidays,
        policy.maxPerDay ?? null,
        policy.lateAfterMinutes,
        policy.laterAnswerReplaces,
        this.clock.now().toISOString(),
      ],
    );
    return { ...policy, version: row!.version };
  }
}
