import type { Collects, FlowBranch, FlowStep } from '../../domain/flow-step.js';
import type { FlowView, StepView } from './flows.js';

/** A flow in which nothing leads to these steps any more: buttons end, questions are no longer asked, rules go, the fallback is none. */
export function cutLeads(flow: FlowView, gone: ReadonlySet<string>, now: Date): FlowView {
  const { fallbackTemplateKey } = flow;
  return {
    ...flow,
    steps: flow.steps.map((view) => cutView(view, gone, now)),
    rules: flow.rules.filter(({ action }) => !gone.has(action.templateKey)),
    fallbackTemplateKey:
      fallbackTemplateKey !== undefined && gone.has(fallbackTemplateKey) ? undefined : fallbackTemplateKey,
  };
}

function cutView(view: StepView, gone: ReadonlySet<string>, now: Date): StepView {
  const { branches, collects, ...rest } = view.step;
  const cut = collects && cutQuestion(collects, gone);
  const isLed = branches.some(({ nextTemplateKey }) => nextTemplateKey !== undefined && gone.has(nextTemplateKey));
  if (!isLed && cut === collects) return view;
  const step: FlowStep = {
    ...rest,
    branches: branches.map((branch) => cutBranch(branch, gone)),
    ...(cut && { collects: cut }),
  };
  return { ...view, step, version: view.version + 1, updatedAt: now };
}

function cutBranch({ nextTemplateKey, ...branch }: FlowBranch, gone: ReadonlySet<string>): FlowBranch {
  return nextTemplateKey === undefined || gone.has(nextTemplateKey) ? branch : { ...branch, nextTemplateKey };
}

function cutQuestion(collects: Collects, gone: ReadonlySet<string>): Collects | undefined {
  if (gone.has(collects.nextTemplateKey)) return undefined;
  const { invalidTemplateKey, ...asked } = collects;
  return invalidTemplateKey !== undefined && gone.has(invalidTemplateKey) ? asked : collects;
}
