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
  };
}

/** The same conversation, begun anew: what the guard against loops knows stays. */
export function cleared({ stepsTakenAt, stepsTaken, withheldAt }: FlowPosition, flowVersion: number): FlowPosition {
  return { ...beginning(flowVersion), stepsTakenAt, stepsTaken, withheldAt };
}

/** Where a conversation stands once a step was accepted for sending, whoever sent it (S2.29). */
export function atStep(position: FlowPosition | undefined, flowVersion: number, key: string): FlowPosition {
  return { ...(position ?? beginning(flowVersion)), flowVersion, lastTemplateKey: key, openKey: key };
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
