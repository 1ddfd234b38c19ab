import type { FlowGraph } from '../../domain/flow-graph.js';
import type { FlowView } from './flows.js';

/** A flow as the engine reads it. */
export function graphOf({ version, steps, rules, fallbackTemplateKey, restartWords }: FlowView): FlowGraph {
  return {
    version,
    steps: steps.map(({ step }) => step),
    rules,
    ...(fallbackTemplateKey !== undefined && { fallbackTemplateKey }),
    restartWords,
  };
}
