import type { FlowGraph } from '../../domain/flow-graph.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { greetingRule } from '../../domain/restart-words.js';

/** A way from a step, or from outside, to the next. */
export interface Way {
  /** Empty: a rule, a restart or the fallback. */
  readonly fromKey: string;
  /** Id of the branch or rule; `collects`, `invalid`, `restart` or `fallback`. */
  readonly edge: string;
  /** What the customer taps; null: they write. */
  readonly title: string | null;
  /** Null: the flow ends here, or it depends on what stands elsewhere. */
  readonly toKey: string | null;
}

/** All ways of a flow, in its order, as the engine names them. */
export function waysOf(flow: FlowGraph): readonly Way[] {
  const { rules, steps, fallbackTemplateKey, restartWords } = flow;
  const start = greetingRule(flow)?.action.templateKey ?? null;
  const written = (edge: string, toKey: string | null): Way => ({ fromKey: '', edge, title: null, toKey });
  return [
    ...rules.map(({ id, action }) => written(id, action.templateKey)),
    // The house's menu is no way of the flow, unless the merchant has named words for it.
    ...(start !== null || restartWords.length > 0 ? [written('restart', start)] : []),
    ...(fallbackTemplateKey === undefined ? [] : [written('fallback', fallbackTemplateKey)]),
    ...steps.flatMap(waysFrom),
  ];
}

function waysFrom({ key, branches, collects }: FlowStep): readonly Way[] {
  return [
    ...branches.map(({ id, title, nextTemplateKey }) => ({
      fromKey: key,
      edge: id,
      title,
      toKey: nextTemplateKey ?? null,
    })),
    ...(collects
      ? [
          { fromKey: key, edge: 'collects', title: null, toKey: collects.nextTemplateKey },
          { fromKey: key, edge: 'invalid', title: null, toKey: collects.invalidTemplateKey ?? key },
        ]
      : []),
  ];
}
