import type { FlowGraph } from '../flow-graph.js';
import type { FlowStep } from '../flow-step.js';
import type { FindingPlace } from './finding.js';

/** Something that leads to a step. */
export interface Lead {
  readonly where: FindingPlace;
  readonly to: string;
}

/** Everything that leads from steps, rules and the fallback to steps. */
export function leadsIn(graph: Pick<FlowGraph, 'steps' | 'rules' | 'fallbackTemplateKey'>): Lead[] {
  return [...graph.steps.flatMap(leadsOf), ...beginnings(graph)];
}

/** Where a conversation that stands nowhere can be led to. */
export function beginnings({ rules, fallbackTemplateKey }: Pick<FlowGraph, 'rules' | 'fallbackTemplateKey'>): Lead[] {
  return [
    ...rules.map(({ id, action }) => ({ where: { ruleId: id, field: 'action.templateKey' }, to: action.templateKey })),
    ...(fallbackTemplateKey === undefined
      ? []
      : [{ where: { field: 'fallbackTemplateKey' }, to: fallbackTemplateKey }]),
  ];
}

/** By its buttons and by what it asks for. */
export function leadsOf({ key, branches, collects }: FlowStep): Lead[] {
  const fields: [string, string | undefined][] = [
    ...branches.map(({ nextTemplateKey }, index): [string, string | undefined] => [
      `buttons[${index}].nextTemplateKey`,
      nextTemplateKey,
    ]),
    ['collects.nextTemplateKey', collects?.nextTemplateKey],
    ['collects.invalidTemplateKey', collects?.invalidTemplateKey],
  ];
  return fields.flatMap(([field, to]) => (to === undefined ? [] : [{ where: { templateKey: key, field }, to }]));
}
