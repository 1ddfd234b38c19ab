import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type StoredTemplate, type TemplateFilter, Templates } from '../../application/templates/templates.js';
import type { TemplateAspect } from '../../domain/templates/learn-template.js';

type Row = Omit<StoredTemplate, 'toldAt'> & { toldAt: Partial<Record<TemplateAspect, string>> };

const COLUMNS = `t.id, t.account_id as "accountId", t.provider_id as "providerId", t.name, t.language, t.category, t.previous_category as "previousCategory",
  t.status, t.quality, t.rejected_reason as "rejectedReason", t.parameter_format as "parameterFormat", t.components, t.told_at as "toldAt",
  t.created_at as "createdAt", t.updated_at as "updatedAt", t.synced_at as "syncedAt"`;

/** Templates in PostgreSQL. Statements, not models: webhooks pass here as well. */
@Injectable()
export class SqlTemplates extends Templates {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async lock(accountId: string): Promise<StoredTemplate[]> {
    // The account's row, because templates that are not there yet cannot be locked.
    await this.#query(
      `select id from whatsapp_account where tenant_id = $1::uuid and id = $2::uuid for no key update`,
      [accountId],
    );
    return this.#templates(`t.account_id = $2::uuid`, [accountId]);
  }

  async save(templates: readonly Omit<StoredTemplate, 'createdAt' | 'updatedAt'>[], now: Date): Promise<void> {
    if (templates.length === 0) return;
    const column = (value: (template: (typeof templates)[number]) => unknown): unknown[] => templates.map(value);
    await this.#query(
      `insert into wa_template (tenant_id, id, account_id, provider_id, name, language, category, previous_category, status, quality, rejected_reason,
         parameter_format, components, told_at, synced_at, created_at, updated_at)
       select $1::uuid, n.*, $2::timestamptz, $2::timestamptz
       from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
         $14::jsonb[], $15::jsonb[], $16::timestamptz[]) as n
       on conflict (tenant_id, account_id, name, language) do update set
         provider_id = excluded.provider_id, category = excluded.category, previous_category = excluded.previous_category, status = excluded.status,
         quality = excluded.quality, rejected_reason = excluded.rejected_reason, parameter_format = excluded.parameter_format,
         components = excluded.components, told_at = excluded.told_at, synced_at = excluded.synced_at, updated_at = excluded.updated_at`,
      [
        now.toISOString(),
        column(({ id }) => id),
        column(({ accountId }) => accountId),
        column(({ providerId }) => providerId),
        column(({ name }) => name),
        column(({ language }) => language),
        column(({ category }) => category),
        column(({ previousCategory }) => previousCategory),
        column(({ status }) => status),
        column(({ quality }) => quality),
        column(({ rejectedReason }) => rejectedReason),
        column(({ parameterFormat }) => parameterFormat),
        column(({ components }) => JSON.stringify(components)),
        column(({ toldAt }) => JSON.stringify(toldAt)),
        column(({ syncedAt }) => syncedAt?.toISOString() ?? null),
      ],
    );
  }

  list(
    { status, name, phoneNumberId }: TemplateFilter,
    limit: number,
    after?: { readonly name: string; readonly id: string },
  ): Promise<StoredTemplate[]> {
    return this.#templates(
      `($2::text is null or t.status = $2) and ($3::text is null or position($3 in t.name) > 0) and ($4::text is null or t.account_id = ${accountOfNumber('$4')})
       and ($5::text is null or (t.name, t.id) > ($5, $6::uuid))`,
      [status ?? null, name ?? null, phoneNumberId ?? null, after?.name ?? null, after?.id ?? null, limit],
      'limit $7::int',
    );
  }

  ofNumber(phoneNumberId: string, names: readonly string[]): Promise<StoredTemplate[]> {
    return this.#templates(`t.account_id = ${accountOfNumber('$2')} and t.name = any($3::text[])`, [
      phoneNumberId,
      names,
    ]);
  }

  named(names: readonly string[]): Promise<StoredTemplate[]> {
    return this.#templates(`t.name = any($2::text[])`, [names]);
  }

  approvedFor(phoneNumberId: string): Promise<StoredTemplate[]> {
    return this.#templates(`t.account_id = ${accountOfNumber('$2')} and t.status = 'approved'`, [phoneNumberId]);
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    await this.#query(
      `update wa_template set previous_category = null where tenant_id = $1::uuid and id = any($2::uuid[])`,
      [ids],
    );
  }

  async accountOf(wabaId: string): Promise<string | undefined> {
    const [row] = await this.#query<{ id: string }>(
      `select id from whatsapp_account where tenant_id = $1::uuid and waba_id = $2`,
      [wabaId],
    );
    return row?.id;
  }

  async #templates(condition: string, parameters: readonly unknown[], end = ''): Promise<StoredTemplate[]> {
    const rows = await this.#query<Row>(
      `select ${COLUMNS} from wa_template t where t.tenant_id = $1::uuid and ${condition} order by t.name, t.id ${end}`,
      parameters,
    );
    return rows.map((row) => ({
      ...row,
      toldAt: Object.fromEntries(Object.entries(row.toldAt).map(([aspect, at]) => [aspect, new Date(at)])),
    }));
  }

  #query<Found extends object>(text: string, parameters: readonly unknown[]): Promise<Found[]> {
    return this.unitOfWork.sql.query<Found>(text, [this.scope.tenantId, ...parameters]);
  }
}

function accountOfNumber(parameter: string): string {
  return `(select account_id from phone_number where tenant_id = $1::uuid and phone_number_id = ${parameter})`;
}
