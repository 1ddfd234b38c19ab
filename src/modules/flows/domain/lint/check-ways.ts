import type { FlowGraph } from '../flow-graph.js';
import type { FlowStep } from '../flow-step.js';
import { asks } from '../position.js';
import type { Finding } from './finding.js';
import { beginnings, leadsIn, leadsOf } from './leads.js';

/** How steps lead to each other: to what is not there, nowhere, or round and round (S2.23, S2.100, D16). */
export function* checkWays(graph: FlowGraph): Generator<Finding, void, undefined> {
  const steps = new Map(graph.steps.map((step) => [step.key, step]));
  for (const { where, to } of leadsIn(graph)) {
    const step = steps.get(to);
    if (!step)
      yield { severity: 'error', code: 'UNKNOWN_TEMPLATE_KEY', where, message: `There is no flow template "${to}".` };
    else if (!step.isActive)
      yield {
        severity: 'warning',
        code: 'INACTIVE_TEMPLATE_KEY',
        where,
        message: `"${to}" is switched off: the fallback is sent in its place.`,
      };
  }
  if (graph.fallbackTemplateKey === undefined && graph.steps.length > 0)
    yield {
      severity: 'info',
      code: 'NO_FALLBACK',
      where: { field: 'fallbackTemplateKey' },
      message: 'What nothing recognises has no answer of this flow.',
    };
  const reached = reachedFrom(
    beginnings(graph).map(({ to }) => to),
    steps,
  );
  const asides = asidesOf(graph);
  const endless = closedAmong(graph.steps.filter(({ collects }) => collects));
  const closed = closedAmong(graph.steps);
  for (const step of graph.steps) {
    const where = { templateKey: step.key };
    if (!reached.has(step.key))
      yield {
        severity: 'warning',
        code: 'UNREACHABLE',
        where,
        message: `Nothing that is switched on leads to "${step.key}": only programs can send it.`,
      };
    if (!asks(step) && !step.handsOff && !asides.has(step.key))
      yield {
        severity: 'info',
        code: 'DEAD_END',
        where,
        message: `"${step.key}" has no buttons, asks for nothing and hands over to nobody: the flow ends there.`,
      };
    if (endless.has(step.key))
      yield {
        severity: 'warning',
        code: 'ENDLESS_QUESTIONS',
        where: { ...where, field: 'collects' },
        message: `From "${step.key}" on one question follows the other without end: only a restart word leads out.`,
      };
    else if (closed.has(step.key))
      yield {
        severity: 'warning',
        code: 'LOOP_WITHOUT_EXIT',
        where,
        message: `From "${step.key}" on every button leads on and round again: to no end, and to no person.`,
      };
  }
}

/** A step that is switched off is led to, and leads nowhere. */
function reachedFrom(first: readonly string[], steps: ReadonlyMap<string, FlowStep>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...first];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const step = steps.get(key);
    if (!step || reached.has(key)) continue;
    reached.add(key);
    if (step.isActive) open.push(...leadsOf(step).map(({ to }) => to));
  }
  return reached;
}

/** Steps that only say that something was not understood: what was open stays open. */
function asidesOf({ steps, fallbackTemplateKey }: FlowGraph): ReadonlySet<string | undefined> {
  return new Set([fallbackTemplateKey, ...steps.map(({ collects }) => collects?.invalidTemplateKey)]);
}

/** Steps from which all ways lead to such steps again: to no end, no person, and nothing else. */
function closedAmong(steps: readonly FlowStep[]): ReadonlySet<string> {
  const closed = new Map(steps.filter(leadsOn).map((step) => [step.key, step]));
  const ways = [...closed.values()].flatMap((step) => waysOn(step).map((to) => ({ from: step.key, to })));
  const leadingTo = new Map<string, string[]>();
  for (const { from, to } of ways) {
    const others = leadingTo.get(to);
    if (others) others.push(from);
    else leadingTo.set(to, [from]);
  }
  const out = ways.flatMap(({ from, to }) => (closed.has(to) ? [] : [from]));
  for (let key = out.pop(); key !== undefined; key = out.pop())
    if (closed.delete(key)) out.push(...(leadingTo.get(key) ?? []));
  return new Set(closed.keys());
}

function leadsOn(step: FlowStep): boolean {
  const { branches, handsOff, isActive } = step;
  return asks(step) && isActive && !handsOff && branches.every(({ nextTemplateKey }) => nextTemplateKey !== undefined);
}

function waysOn({ branches, collects }: FlowStep): string[] {
  return [...branches, collects].flatMap((way) => way?.nextTemplateKey ?? []);
}
