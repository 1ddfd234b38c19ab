import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { TakenEdges } from '../../application/ways/taken-edges.js';

@Injectable()
export class SqlTakenEdges extends TakenEdges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  of(version: number): Promise<{ fromKey: string; edge: string; taken: number }[]> {
    return this.unitOfWork.sql.query(
      `select from_key as "fromKey", edge, taken::float8 as taken from flow_edge_count
       where tenant_id = $1::uuid and version = $2::int`,
      [this.scope.tenantId, version],
    );
  }
}
