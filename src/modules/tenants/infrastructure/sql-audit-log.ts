import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { type AuditedAct, AuditLog } from '../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../platform/http/request-context.js';

@Injectable()
export class SqlAuditLog extends AuditLog {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly requests: RequestContext,
    private readonly clock: Clock,
  ) {
    super();
  }

  async record({ action, subjectId, details = {} }: AuditedAct): Promise<void> {
    const request = this.requests.current;
    const [kind = 'system', id] = (request?.actor ?? 'system').split(':');
    await this.unitOfWork.sql.query(
      `insert into audit_entry (tenant_id, id, at, actor_kind, actor_id, action, subject_id, details, request_id)
       values ($1::uuid, $2::uuid, $3::timestamptz, $4, $5, $6, $7, $8::jsonb, $9)`,
      [
        this.scope.tenantId,
        newId(),
        this.clock.now().toISOString(),
        kind,
        id ?? null,
        action,
        subjectId ?? null,
        JSON.stringify(details),
        request?.requestId ?? null,
      ],
    );
  }
}
