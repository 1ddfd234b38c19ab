import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Flows, type FlowView, type StepFilter, type StepView } from '../../application/steps/flows.js';
import { graphOf } from '../../application/steps/graph-of.js';
import { StepNotFound } from '../../domain/lint/authoring-errors.js';

/** Versions behind the newest that are kept though no conversation stands in them. */
const VERSIONS_KEPT = 20;
const STEP = `step, description, version, created_at as "createdAt", updated_at as "updatedAt"`;

/** Their ways may be ways of later versions too. Counters are locked in the order in which what was taken is added to them. */
const KEEP_COUNTS_OF_GONE_VERSIONS = `
  with gone as (
    delete from flow_edge_count where tenant_id = $1::uuid and (version, from_key, edge) in (
      select version, from_key, edge from flow_edge_count c where c.tenant_id = $1::uuid and version > 0
        and not exists (select from flow_version v where v.tenant_id = c.tenant_id and v.version = c.version)
      order by version, from_key, edge for update)
    returning from_key, edge, taken)
  insert into flow_edge_count as c (tenant_id, version, from_key, edge, taken)
  select $1::uuid, 0, from_key, edge, sum(taken) from gone group by from_key, edge
  on conflict (tenant_id, version, from_key, edge) do update set taken = c.taken + excluded.taken`;

type Settings = Omit<FlowView, 'steps' | 'fallbackTemplateKey'> & { readonly fallbackTemplateKey: string | null };

const NOTHING_WRITTEN: FlowView = {
  version: 0,
  steps: [],
  rules: [],
  fallbackTemplateKey: undefined,
  restartWords: [],
  strictTitles: false,
  updatedAt: null,
};

/** `flow` and `flow_template` hold what is written now, `flow_version` what conversations are led by. */
@Injectable()
export class SqlFlows extends Flows {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  find(): Promise<FlowView> {
    return this.#read('');
  }

  async lock(): Promise<FlowView> {
    await this.#query(
      'insert into flow (tenant_id, updated_at) values ($1::uuid, business_now()) on conflict do nothing',
    );
    return this.#read('for update');
  }

  async save(flow: FlowView): Promise<void> {
    const { version, steps, rules, fallbackTemplateKey, restartWords, strictTitles, updatedAt } = flow;
    const at = updatedAt?.toISOString() ?? null;
    await this.#query(
      `update flow set version = $2::int, rules = $3::jsonb, fallback_template_key = $4::text, restart_words = $5::text[],
         strict_titles = $6::boolean, updated_at = $7::timestamptz
       where tenant_id = $1::uuid`,
      version,
      JSON.stringify(rules),
      fallbackTemplateKey ?? null,
      restartWords,
      strictTitles,
      at,
    );
    await this.#saveSteps(steps);
    await this.#query(
      'insert into flow_version (tenant_id, version, graph, created_at) values ($1::uuid, $2::int, $3::jsonb, $4::timestamptz)',
      version,
      JSON.stringify(graphOf(flow)),
      at,
    );
    await this.#query(
      `delete from flow_version v where tenant_id = $1::uuid and version < $2::int
         and not exists (select from flow_position p where p.tenant_id = v.tenant_id and p.flow_version = v.version)`,
      version - VERSIONS_KEPT,
    );
    await this.#query(KEEP_COUNTS_OF_GONE_VERSIONS);
  }

  page({ kind, active, q }: StepFilter, after: string | undefined, limit: number): Promise<readonly StepView[]> {
    return this.#query<StepView>(
      `select ${STEP} from flow_template where tenant_id = $1::uuid and ($2::text is null or kind = $2::text)
         and ($3::boolean is null or is_active = $3::boolean)
         and ($4::text is null or position(lower($4::text) in lower(concat_ws(' ', key, step->>'body', description))) > 0)
         and ($5::text is null or key > $5::text) order by key limit $6::int`,
      kind ?? null,
      active ?? null,
      q ?? null,
      after ?? null,
      limit,
    );
  }

  async step(key: string): Promise<StepView> {
    const [view] = await this.#query<StepView>(
      `select ${STEP} from flow_template where tenant_id = $1::uuid and key = $2::text`,
      key,
    );
    if (!view) throw new StepNotFound(key);
    return view;
  }

  async #read(lock: '' | 'for update'): Promise<FlowView> {
    const [settings] = await this.#query<Settings>(
      `select version, rules, fallback_template_key as "fallbackTemplateKey", restart_words as "restartWords",
         strict_titles as "strictTitles", case when version > 0 then updated_at end as "updatedAt"
       from flow where tenant_id = $1::uuid ${lock}`,
    );
    if (!settings) return NOTHING_WRITTEN;
    const steps = await this.#query<StepView>(
      `select ${STEP} from flow_template where tenant_id = $1::uuid order by key`,
    );
    return { ...settings, steps, fallbackTemplateKey: settings.fallbackTemplateKey ?? undefined };
  }

  async #saveSteps(steps: readonly StepView[]): Promise<void> {
    await this.#query(
      'delete from flow_template where tenant_id = $1::uuid and key <> all ($2::text[])',
      steps.map(({ step }) => step.key),
    );
    await this.#query(
      `insert into flow_template as t (tenant_id, key, kind, step, description, is_active, version, created_at, updated_at)
       select $1::uuid, s.step->>'key', s.step->>'kind', s.step, s.description, (s.step->>'isActive')::boolean, s.version, s."createdAt", s."updatedAt"
       from jsonb_to_recordset($2::jsonb)
         as s(step jsonb, description text, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
       on conflict (tenant_id, key) do update
         set kind = excluded.kind, step = excluded.step, description = excluded.description, is_active = excluded.is_active,
           version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at
         where t.updated_at <> excluded.updated_at or t.version <> excluded.version`,
      JSON.stringify(steps),
    );
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
