import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { compileGently } from '../../application/engine/compile-gently.js';
import { Graphs } from '../../application/engine/graphs.js';
import type { FlowGraph } from '../../domain/flow-graph.js';
import { patternBytes } from '../../domain/rule-match.js';

/** Bytes of versions that are kept in this process, with their compiled patterns. The version that was used longest ago goes first. */
const KEPT = 128 * 2 ** 20;
/** What a step or a rule takes, about. */
const OF_EACH = 4096;

/** Versions in PostgreSQL. They never change, so what was read once is right for ever. */
@Injectable()
export class SqlGraphs extends Graphs {
  readonly #kept = new Map<string, FlowGraph>();
  #weight = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async find(version: number): Promise<FlowGraph | undefined> {
    const name = `${this.scope.tenantId}/${version}`;
    const graph = this.#kept.get(name) ?? (await this.#read(version));
    if (graph) this.#keep(name, graph);
    return graph;
  }

  async newest(): Promise<FlowGraph | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ version: number }>(
      'select version from flow where tenant_id = $1::uuid and version > 0',
      [this.scope.tenantId],
    );
    return row && this.find(row.version);
  }

  #keep(name: string, graph: FlowGraph): void {
    if (!this.#kept.delete(name)) this.#weight += weightOf(graph);
    this.#kept.set(name, graph);
    for (const [oldest, old] of this.#kept) {
      if (this.#weight <= KEPT || old === graph) return;
      this.#kept.delete(oldest);
      this.#weight -= weightOf(old);
    }
  }

  async #read(version: number): Promise<FlowGraph | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ graph: FlowGraph }>(
      'select graph from flow_version where tenant_id = $1::uuid and version = $2::int',
      [this.scope.tenantId, version],
    );
    const graph = row && { ...row.graph, version };
    if (graph) await compileGently(graph);
    return graph;
  }
}

function weightOf(graph: FlowGraph): number {
  return OF_EACH * (graph.steps.length + graph.rules.length + 1) + patternBytes(graph);
}
