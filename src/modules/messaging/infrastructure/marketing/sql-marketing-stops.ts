import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MarketingStops, type TemplateFor } from '../../application/marketing/marketing-stops.js';

/** Choices of customers beside the categories of templates, in PostgreSQL. */
@Injectable()
export class SqlMarketingStops extends MarketingStops {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async among(phoneNumberId: string, templates: readonly TemplateFor[]): Promise<ReadonlySet<string>> {
    if (templates.length === 0) return new Set();
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select o.id
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as o (id, kind, address, name, language)
       join marketing_preference p on p.tenant_id = $1::uuid and p.phone_number_id = $2 and p.address_kind = o.kind and p.address = o.address
       join phone_number n on n.tenant_id = p.tenant_id and n.phone_number_id = p.phone_number_id
       join wa_template t on t.tenant_id = n.tenant_id and t.account_id = n.account_id and t.name = o.name and t.language = o.language
       where p.choice = 'stop' and t.category = 'marketing'`,
      [
        this.scope.tenantId,
        phoneNumberId,
        templates.map(({ id }) => id),
        templates.map(({ to }) => to.kind),
        templates.map(({ to }) => to.value),
        templates.map(({ name }) => name),
        templates.map(({ language }) => language),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
