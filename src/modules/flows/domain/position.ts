import type { FlowGraph, FlowPosition } from './flow-graph.js';
import type { FlowStep } from './flow-step.js';

const DEFAULT_STATE = 'default';

/** Of a conversation that no step was sent to. */
export function beginning(flowVersion: number): FlowPosition {
  return {
    flowVersion,
    lastTemplateKey: undefined,
    openKey: undefined,
    state: DEFAULT_STATE,
    answers: {},
    stepsTakenAt: [],
    stepsTaken: [],
    stepsUnbroken: 0,
  };
}

/** The same conversation, begun anew: what the guard against loops knows stays. */
export function cleared(
  { stepsTakenAt, stepsTaken, stepsUnbroken, withheldAt, guardResetAt }: FlowPosition,
  flowVersion: number,
): FlowPosition {
  return { ...beginning(flowVersion), stepsTakenAt, stepsTaken, stepsUnbroken, withheldAt, guardResetAt };
}

/** Where a conversation stands once a step was accepted for sending, whoever sent it (S2.29). */
export function atStep(position: FlowPosition | undefined, flowVersion: number, key: string): FlowPosition {
  return { ...(position ?? beginning(flowVersion)), flowVersion, lastTemplateKey: key, openKey: key };
}

/** Where it stands after a step that was said on the side: one that asks for nothing leaves open what was open before. */
export function besides(graph: FlowGraph, before: FlowPosition, after: FlowPosition, step: FlowStep): FlowPosition {
  if (step.handsOff || asks(step) || !isUnderWay(graph, before)) return after;
  const { flowVersion, openKey } = before;
  return { ...after, flowVersion, openKey };
}

/** Whether there is something still to be answered. After a hand-off there is not: a person goes on. */
export function isUnderWay(graph: FlowGraph, { openKey }: FlowPosition): boolean {
  const open = graph.steps.find(({ key }) => key === openKey);
  return open !== undefined && !open.handsOff && asks(open);
}

/** Whether a step can be answered. */
export function asks({ branches, collects }: FlowStep): boolean {
  return branches.length > 0 || collects !== undefined;
}
