import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { FlowRefused } from '../../domain/lint/authoring-errors.js';
import { checkFlow, checkSize } from '../../domain/lint/check-flow.js';
import type { Finding } from '../../domain/lint/finding.js';
import { compileGently } from '../engine/compile-gently.js';
import { Merchants } from '../engine/merchants.js';
import { SurroundingsOfFlow } from '../lint/surroundings-of-flow.js';
import { acceptPatterns } from './accept-patterns.js';
import { applyChanges } from './apply-changes.js';
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

  /** @throws FlowRefused, RegexRefused, StepKeyTaken, StepNotFound, StepInUse */
  async of(before: FlowView, changes: FlowChanges): Promise<WrittenFlow> {
    await acceptPatterns(changes);
    const { locale } = await this.merchants.current();
    const { flow, written } = applyChanges(before, changes, languageOf(locale), this.clock.now());
    const graph = graphOf(flow);
    const tooMuch = checkSize(graph);
    if (tooMuch.length > 0) throw new FlowRefused(tooMuch);
    await compileGently(graph);
    const found = checkFlow(graph, await this.surroundings.find()).filter((one) => isAbout(one, written, changes));
    const errors = found.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new FlowRefused(errors);
    const byKey = new Map(flow.steps.map((view) => [view.step.key, view]));
    return { flow, written: written.map((key) => byKey.get(key)!), findings: found };
  }
}

/** Whether a finding is about what was changed: what is wrong elsewhere must not be in the way of who mends it. */
function isAbout({ where }: Finding, written: readonly string[], changes: FlowChanges): boolean {
  const { templateKey, ruleId, field } = where;
  if (templateKey !== undefined) return written.includes(templateKey);
  if (ruleId !== undefined) return changes.rules !== undefined || changes.upsertRules !== undefined;
  if (field === 'fallbackTemplateKey') return changes.fallbackTemplateKey !== undefined;
  return changes.restartWords !== undefined;
}

function languageOf(locale: string): string {
  return locale.split(/[-_]/)[0]!.toLowerCase();
}
