import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FlowVersionNotFound } from '../../domain/version-errors.js';
import { Graphs } from '../engine/graphs.js';
import { TakenEdges } from './taken-edges.js';
import { type Way, waysOf } from './ways-of.js';

export interface CoverageView {
  /** 0: there is no flow yet. */
  readonly version: number;
  readonly ways: readonly (Way & { readonly taken: number })[];
  /** How many of them nobody ever took. */
  readonly neverTaken: number;
}

/** Which ways conversations took, and which nobody ever does (D16). @throws FlowVersionNotFound */
export class ShowCoverage extends Query<CoverageView> {
  /** @param version undefined: the ways of the newest, as often as they were taken at any: an edit begins no new count */
  constructor(readonly version: number | undefined) {
    super();
  }
}

@QueryHandler(ShowCoverage)
export class ShowCoverageHandler implements IQueryHandler<ShowCoverage> {
  constructor(
    private readonly graphs: Graphs,
    private readonly edges: TakenEdges,
  ) {}

  async execute({ version }: ShowCoverage): Promise<CoverageView> {
    const graph = version === undefined ? await this.graphs.newest() : await this.graphs.find(version);
    if (!graph && version !== undefined) throw new FlowVersionNotFound(version);
    if (!graph) return { version: 0, ways: [], neverTaken: 0 };
    const taken = new Map((await this.edges.of(version)).map((edge) => [nameOf(edge), edge.taken]));
    const ways = waysOf(graph).map((way) => ({ ...way, taken: taken.get(nameOf(way)) ?? 0 }));
    return { version: graph.version, ways, neverTaken: ways.filter((way) => way.taken === 0).length };
  }
}

function nameOf({ fromKey, edge }: { fromKey: string; edge: string }): string {
  return JSON.stringify([fromKey, edge]);
}
