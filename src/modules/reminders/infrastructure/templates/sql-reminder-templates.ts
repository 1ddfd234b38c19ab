import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ReminderTemplates } from '../../application/templates/reminder-templates.js';
import type { TemplateOverride } from '../../domain/reminder-template.js';

type OverrideRow = Omit<TemplateOverride, 'language'> & { readonly language: string | null };

@Injectable()
export class SqlReminderTemplates extends ReminderTemplates {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async list(): Promise<readonly TemplateOverride[]> {
    const rows = await this.unitOfWork.sql.query<OverrideRow>(
      `select slot, name, language, positional, replies from reminder_template where tenant_id = $1::uuid`,
      [this.scope.tenantId],
    );
    return rows.map((row) => ({ ...row, language: row.language ?? undefined }));
  }

  async replace(overrides: readonly TemplateOverride[]): Promise<void> {
    await this.unitOfWork.sql.query(
      `delete from reminder_template where tenant_id = $1::uuid and slot <> all($2::text[])`,
      [this.scope.tenantId, overrides.map(({ slot }) => slot)],
    );
    // Lists of lists are of one length in PostgreSQL, so they travel as JSON.
    await this.unitOfWork.sql.query(
      `insert into reminder_template (tenant_id, slot, name, language, positional, replies, updated_at)
       select $1::uuid, t.slot, t.name, t.language, t.positional, t.replies, $3::timestamptz
       from jsonb_to_recordset($2::jsonb) as t (slot text, name text, language text, positional text[], replies text[])
       on conflict (tenant_id, slot) do update set name = excluded.name, language = excluded.language,
         positional = excluded.positional, replies = excluded.replies, updated_at = excluded.updated_at`,
      [this.scope.tenantId, JSON.stringify(overrides), this.clock.now().toISOString()],
    );
  }
}
