import type { FlowGraph } from '../flow-graph.js';
import { checkRules } from './check-rules.js';
import { checkStep } from './check-step.js';
import { checkWays } from './check-ways.js';
import { checkWords } from './check-words.js';
import type { Finding } from './finding.js';
import { FLOW_LIMITS } from './step-limits.js';
import type { Surroundings } from './surroundings.js';

/** Everything that is to be said about a flow (D16): its steps one by one, then how they lead to each other. */
export function checkFlow(graph: FlowGraph, around: Surroundings): Finding[] {
  const tooMuch = checkSize(graph);
  if (tooMuch.length > 0) return tooMuch;
  return [
    ...graph.steps.flatMap(checkStep),
    ...checkIds(graph),
    ...checkWays(graph),
    ...checkRules(graph),
    ...checkWords(graph, around),
  ];
}

/** Of a flow that has too much nothing more is said. */
function checkSize({ steps, rules, restartWords }: FlowGraph): Finding[] {
  const valuesOf = (some: FlowGraph['rules']): number => some.reduce((sum, { match }) => sum + match.values.length, 0);
  const sizes: Record<keyof typeof FLOW_LIMITS, number> = {
    steps: steps.length,
    rules: rules.length,
    values: valuesOf(rules),
    patterns: valuesOf(rules.filter(({ match }) => match.type === 'regex')),
    restartWords: restartWords.length,
  };
  return (Object.keys(FLOW_LIMITS) as (keyof typeof FLOW_LIMITS)[])
    .filter((what) => sizes[what] > FLOW_LIMITS[what])
    .map((what) => ({
      severity: 'error',
      code: 'TOO_MUCH',
      where: {},
      message: `A flow has at most ${FLOW_LIMITS[what]} ${NAMES[what]}.`,
    }));
}

const NAMES: Readonly<Record<keyof typeof FLOW_LIMITS, string>> = {
  steps: 'steps',
  rules: 'rules',
  values: 'values in its rules',
  patterns: 'patterns in its rules',
  restartWords: 'restart words',
};

/** An id that two steps have leads on from the step that is open, and from the first of them otherwise. */
function checkIds({ steps }: FlowGraph): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { key, branches } of steps)
    for (const [index, { id }] of branches.entries()) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== key)
        findings.push({
          severity: 'warning',
          code: 'DUPLICATE_BUTTON_ID',
          where: { templateKey: key, field: `buttons[${index}].id` },
          message: `"${owner}" has a button with the id ${id} too.`,
        });
      else owners.set(id, key);
    }
  return findings;
}
