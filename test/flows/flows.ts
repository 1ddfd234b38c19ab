import type { TenantId } from '../../src/kernel/ids.js';
import type { FlowGraph } from '../../src/modules/flows/domain/flow-graph.js';
import type { FlowStep } from '../../src/modules/flows/domain/flow-step.js';
import type { Inbox } from '../conversations/inbox.js';

/** A step that says its key, unless told otherwise. */
export function step(key: string, more: Partial<FlowStep> = {}): FlowStep {
  return {
    key,
    kind: 'text',
    body: key,
    branches: [],
    language: 'en',
    translations: {},
    handsOff: false,
    isActive: true,
    ...more,
  };
}

export function graphOf(more: Partial<FlowGraph>): FlowGraph {
  return { version: 1, steps: [], rules: [], restartWords: [], ...more };
}

/** Makes a graph the merchant's newest version, as a change of the flow does. */
export async function publish(
  inbox: Pick<Inbox, 'sql'>,
  tenant: TenantId,
  more: Partial<FlowGraph>,
): Promise<FlowGraph> {
  const graph = graphOf(more);
  await inbox.sql(
    tenant,
    `with version as (insert into flow_version (tenant_id, version, graph, created_at) values ($1::uuid, $2::int, $3::jsonb, now()))
     insert into flow (tenant_id, version, updated_at) values ($1::uuid, $2::int, now())
     on conflict (tenant_id) do update set version = excluded.version`,
    [tenant, graph.version, JSON.stringify(graph)],
  );
  return graph;
}
