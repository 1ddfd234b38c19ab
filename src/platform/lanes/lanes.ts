import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Doorbell } from './doorbell.js';

export interface Ring {
  readonly key: string;
  readonly tenantId?: TenantId;
  readonly dueAt: Date;
}

/** How work makes itself known: in the transaction that made it due, so that the two commit or vanish together. */
@Injectable()
export class Lanes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly doorbell: Doorbell,
  ) {}

  /** Says in the open transaction that lanes of `kind` have something due; wakes a worker once it has committed. */
  async ring(kind: string, rings: readonly Ring[]): Promise<void> {
    if (rings.length === 0) return;
    await this.unitOfWork.sql.query(
      `insert into lane_ring (kind, key, tenant_id, due_at)
       select $1, * from unnest($2::text[], $3::uuid[], $4::timestamptz[])`,
      [
        kind,
        rings.map(({ key }) => key),
        rings.map(({ tenantId }) => tenantId ?? null),
        rings.map(({ dueAt }) => dueAt.toISOString()),
      ],
    );
    this.unitOfWork.afterCommit(() => this.doorbell.ring(kind));
  }
}
