import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';

export interface GivenUp {
  /** Names the redrive that can take it up again. */
  readonly kind: string;
  readonly subjectId: string;
  readonly reason: string;
  readonly lastError?: string;
}

/** Where work goes that was given up, in the transaction that gives it up (reliability 2.10). */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async bury({ kind, subjectId, reason, lastError }: GivenUp): Promise<void> {
    const now = this.clock.now().toISOString();
    await this.unitOfWork.sql.query(
      `insert into dead_letter (tenant_id, id, kind, subject_id, reason, last_error, first_at, last_at)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz)
       on conflict (tenant_id, kind, subject_id) do update
         set state = 'open', reason = excluded.reason, last_error = excluded.last_error, last_at = excluded.last_at,
           decided_at = null, decided_by = null, note = null`,
      [this.scope.tenantId, newId(), kind, subjectId, reason, lastError ?? null, now],
    );
  }
}
