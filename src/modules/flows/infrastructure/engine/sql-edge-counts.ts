import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { EdgeCounts } from '../../application/engine/edge-counts.js';
import type { FlowEdge } from '../../domain/move.js';

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
      `insert into flow_edge_count as c (tenant_id, version, from_key, edge, taken) values ($1::uuid, $2::int, $3, $4, 1)
       on conflict (tenant_id, version, from_key, edge) do update set taken = c.taken + 1`,
      [this.scope.tenantId, version, fromKey, edge],
    );
  }
}
