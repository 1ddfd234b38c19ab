import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { FlowRefused } from '../../domain/lint/authoring-errors.js';
import { checking, checkSize } from '../../domain/lint/check-flow.js';
import type { Finding } from '../../domain/lint/finding.js';
import { compileGently, gently } from '../engine/compile-gently.js';
import { Merchants } from '../engine/merchants.js';
import { SurroundingsOfFlow } from '../lint/surroundings-of-flow.js';
import { acceptPatterns } from './accept-patterns.js';
import { applyChanges, type ChangedFlow } from './apply-changes.js';
import type { FlowChanges } from './flow-changes.js';
import type { FlowView } from './flows.js';
import { graphOf } from './graph-of.js';
import type { WrittenFlow } from './written-flow.js';

/** Makes of a flow and its changes what is to be kept. */
@Injectable()
export class FlowDrafts {
  constructor(
    private readonly surroundings: SurroundingsOfFlow,
    private readonly merchants: Merchants,
    private readonly clock: Clock,
  ) {}

  /** @throws FlowChanged, FlowRefused, RegexRefused, StepKeyTaken, StepNotFound, StepInUse */
  async of(before: FlowView, changes: FlowChanges): Promise<WrittenFlow> {
    await acceptPatterns(changes);
    const { locale } = await this.merchants.current();
    const changed = applyChanges(before, changes, languageOf(locale), this.clock.now());
    const { flow, steps, cut } = changed;
    const [graph, graphBefore] = [graphOf(flow), graphOf(before)];
    const tooMuch = checkSize(
      graph,
      flow.steps.map(({ description }) => description),
    );
    if (tooMuch.length > 0) throw new FlowRefused(tooMuch);
    await compileGently(graph);
    const around = await this.surroundings.find(graph);
    const found = await gently(checking(graph, around));
    const said = found.filter((one) => isAbout(one, changed, changes));
    const errors = said.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new FlowRefused(errors);
    await compileGently(graphBefore);
    const known = new Set((await gently(checking(graphBefore, around))).map(textOf));
    for (const one of said) known.delete(textOf(one));
    const byKey = new Map(flow.steps.map((view) => [view.step.key, view]));
    const written = new Set([...steps, ...cut.flatMap(({ templateKey }) => templateKey ?? [])]);
    return {
      flow,
      written: [...written].map((key) => byKey.get(key)!),
      cut,
      findings: found.filter((one) => !known.has(textOf(one))),
    };
  }
}

/** Whether a finding is about what was said: what is wrong elsewhere must not be in the way of who mends it. */
function isAbout({ where }: Finding, { steps, rules }: ChangedFlow, changes: FlowChanges): boolean {
  const { templateKey, ruleId, field } = where;
  if (templateKey !== undefined) return steps.includes(templateKey);
  if (ruleId !== undefined) return rules.includes(ruleId);
  if (field === 'fallbackTemplateKey') return changes.fallbackTemplateKey !== undefined;
  return changes.restartWords !== undefined;
}

function textOf(finding: Finding): string {
  return JSON.stringify(finding);
}

function languageOf(locale: string): string {
  return locale.split(/[-_]/)[0]!.toLowerCase();
}
