import type { FlowGraph } from '../../domain/flow-graph.js';
import type { FlowView } from './flows.js';

/** A flow as the engine reads it. */
export function graphOf(flow: FlowView): FlowGraph {
  const { version, steps, rules, fallbackTemplateKey, restartWords, strictTitles } = flow;
  return {
    version,
    steps: steps.map(({ step }) => step),
    rules,
    ...(fallbackTemplateKey !== undefined && { fallbackTemplateKey }),
    restartWords,
    ...(strictTitles && { strictTitles }),
  };
}
