import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { checking } from '../../domain/lint/check-flow.js';
import type { Finding } from '../../domain/lint/finding.js';
import { compileGently, gently } from '../engine/compile-gently.js';
import { Flows } from '../steps/flows.js';
import { graphOf } from '../steps/graph-of.js';
import { SurroundingsOfFlow } from './surroundings-of-flow.js';

/** All that is to be said about the merchant's flow as it stands (D16). */
export class LintFlow extends Query<{ readonly version: number; readonly findings: readonly Finding[] }> {}

@QueryHandler(LintFlow)
export class LintFlowHandler implements IQueryHandler<LintFlow> {
  constructor(
    private readonly flows: Flows,
    private readonly surroundings: SurroundingsOfFlow,
  ) {}

  async execute(): Promise<{ readonly version: number; readonly findings: readonly Finding[] }> {
    const flow = await this.flows.find();
    const graph = graphOf(flow);
    await compileGently(graph);
    const around = await this.surroundings.find(graph);
    return { version: flow.version, findings: await gently(checking(graph, around)) };
  }
}
