import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { TypeRules } from '../../application/inbox/type-rules.js';
import type { InboxPreset } from '../../domain/inbox/inbox-presets.js';
import type { TypeRule } from '../../domain/inbox/type-by-template.js';

@Injectable()
export class SqlTypeRules extends TypeRules {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  all(): Promise<TypeRule[]> {
    return this.unitOfWork.sql.query<TypeRule>(
      'select match, pattern, type from type_rule where tenant_id = $1::uuid order by position',
      [this.scope.tenantId],
    );
  }

  async replace(rules: readonly TypeRule[]): Promise<void> {
    // Two who replace them at once wait for each other here, also while there are none.
    await this.unitOfWork.sql.query('select 1 as one from tenant where id = $1::uuid for update', [
      this.scope.tenantId,
    ]);
    await this.unitOfWork.sql.query('delete from type_rule where tenant_id = $1::uuid', [this.scope.tenantId]);
    await this.unitOfWork.sql.query(
      `insert into type_rule (tenant_id, position, match, pattern, type)
       select $1::uuid, n, match, pattern, type from unnest($2::text[], $3::text[], $4::text[]) with ordinality as r (match, pattern, type, n)`,
      [
        this.scope.tenantId,
        rules.map(({ match }) => match),
        rules.map(({ pattern }) => pattern),
        rules.map(({ type }) => type),
      ],
    );
  }

  async addReplyRules(rules: InboxPreset['replyRules']): Promise<void> {
    for (const { templateName, reply, sendTemplate } of rules)
      await this.unitOfWork.sql.query(
        `insert into reply_rule (tenant_id, id, template_name, reply, send_template, created_at, updated_at)
         values ($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $6::timestamptz)
         on conflict (tenant_id, template_name, reply) do nothing`,
        [this.scope.tenantId, newId(), templateName, reply, sendTemplate, this.clock.now().toISOString()],
      );
  }
}
