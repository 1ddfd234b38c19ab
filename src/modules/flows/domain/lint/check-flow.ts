import type { FlowGraph } from '../flow-graph.js';
import { atOnce, type Work } from '../work.js';
import { checkStopWords } from './check-stop-words.js';
import { checkRules } from './check-rules.js';
import { checkStep } from './check-step.js';
import { checkWays } from './check-ways.js';
import { checkWords } from './check-words.js';
import type { Finding } from './finding.js';
import { FLOW_LIMITS } from './step-limits.js';
import type { Surroundings } from './surroundings.js';

/** Everything that is to be said about a flow (D16): its steps one by one, then how they lead to each other. */
export function checkFlow(graph: FlowGraph, around: Surroundings): Finding[] {
  return atOnce(checking(graph, around));
}

/** The same, bit by bit: big flows take a while. */
export function* checking(graph: FlowGraph, around: Surroundings): Work<Finding[]> {
  const findings = checkSize(graph);
  if (findings.length > 0) return findings;
  for (const step of graph.steps) {
    findings.push(...checkStep(step).map((finding) => asStrict(graph, finding)));
    yield;
  }
  for (const check of [checkIds, checkWays, checkRules, checkWords, checkStopWords]) {
    for (const finding of check(graph, around))
      if (finding) findings.push(finding);
      else yield;
    yield;
  }
  return findings;
}

/** Where the merchant wants buttons that WhatsApp shows as buttons, and no others (C16). */
function asStrict({ strictTitles = false }: FlowGraph, finding: Finding): Finding {
  if (!strictTitles || finding.code !== 'TITLE_SHOWN_IN_A_LIST') return finding;
  return { ...finding, severity: 'error', message: `${finding.message} Your flow takes none (\`strictTitles\`).` };
}

/**
 * Whether there is too much to look at; nothing more is said of such a flow.
 * @param descriptions of steps, which travel with the flow
 */
export function checkSize(graph: FlowGraph, descriptions: readonly (string | null)[] = []): Finding[] {
  const { steps, rules, restartWords } = graph;
  const valuesOf = (some: FlowGraph['rules']): number => some.reduce((sum, { match }) => sum + match.values.length, 0);
  const questions = steps.filter(({ collects }) => collects?.pattern !== undefined);
  return tooMuch({
    steps: steps.length,
    rules: rules.length,
    values: valuesOf(rules),
    patterns: valuesOf(rules.filter(({ match }) => match.type === 'regex')) + questions.length,
    restartWords: restartWords.length,
    bytes: Buffer.byteLength(JSON.stringify([graph, descriptions])),
  });
}

/** The same of patterns alone, before any of them is looked at. */
export function checkPatternCount(patterns: number): Finding[] {
  return tooMuch({ patterns });
}

function tooMuch(sizes: { readonly [Limit in keyof typeof FLOW_LIMITS]?: number }): Finding[] {
  return (Object.keys(FLOW_LIMITS) as (keyof typeof FLOW_LIMITS)[])
    .filter((limit) => (sizes[limit] ?? 0) > FLOW_LIMITS[limit])
    .map((limit) => ({
      severity: 'error',
      code: 'TOO_MUCH',
      where: {},
      message: `A flow has at most ${FLOW_LIMITS[limit]} ${NAMES[limit]}.`,
    }));
}

const NAMES: Readonly<Record<keyof typeof FLOW_LIMITS, string>> = {
  steps: 'steps',
  rules: 'rules',
  values: 'values in its rules',
  patterns: 'patterns',
  restartWords: 'restart words',
  bytes: 'bytes as JSON',
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
