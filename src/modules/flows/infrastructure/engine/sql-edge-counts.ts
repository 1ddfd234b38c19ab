import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { EdgeCounts } from '../../application/engine/edge-counts.js';
import type { FlowEdge } from '../../domain/move.js';

/** Appends, for a counter would be locked until the conversation's transaction ends, and all others that take the same way behind it. */
@Injectable()
export class SqlEdgeCounts extends EdgeCounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async add({ version, fromKey, edge }: FlowEdge): Promise<void> {
    await this.unitOfWork.sql.query(
      'insert into flow_edge_taken (tenant_id, version, from_key, edge) values ($1::uuid, $2::int, $3, $4)',
      [this.scope.tenantId, version, fromKey, edge],
    );
  }
}
