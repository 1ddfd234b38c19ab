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

  // One statement: what is added to the counts meanwhile is seen once.
  of(version: number | undefined): Promise<{ fromKey: string; edge: string; taken: number }[]> {
    return this.unitOfWork.sql.query(
      `select from_key as "fromKey", edge, sum(taken)::float8 as taken from (
         select version, from_key, edge, taken from flow_edge_count where tenant_id = $1::uuid
         union all select version, from_key, edge, 1 from flow_edge_taken where tenant_id = $1::uuid) as ways
       where $2::int is null or version = $2::int group by from_key, edge`,
      [this.scope.tenantId, version ?? null],
    );
  }
}
