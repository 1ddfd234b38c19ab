import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Consents, type ConsentStatement } from '../../application/consent/consents.js';

@Injectable()
export class SqlConsents extends Consents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async record(customerId: string, statement: ConsentStatement): Promise<boolean> {
    const { kind, source, wamid, said, actorId, at } = statement;
    await this.#query(
      `insert into consent_event (tenant_id, id, customer_id, kind, source, wamid, said, actor_id, at)
       select $1::uuid, $3::uuid, $2::uuid, $4::text, $5::text, $6::text, $7::text, $8::text, $9::timestamptz
       where $6::text is null or not exists (
         select from consent_event where tenant_id = $1::uuid and customer_id = $2::uuid and wamid = $6::text)`,
      ...[customerId, newId(), kind, source, wamid ?? null, said ?? null, actorId ?? null, at.toISOString()],
    );
    const changed = await this.#query(
      `update customer c set opted_out_at = case when last.kind = 'opted_out' then last.at end, updated_at = $3::timestamptz
       from (select kind, at from consent_event where tenant_id = $1::uuid and customer_id = $2::uuid order by at desc, id desc limit 1) last
       where c.tenant_id = $1::uuid and c.id = $2::uuid and (last.kind = 'opted_out') is distinct from (c.opted_out_at is not null)
       returning c.id`,
      customerId,
      this.clock.now().toISOString(),
    );
    return changed.length > 0;
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
