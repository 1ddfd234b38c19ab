import type { FlowGraph, FlowPosition } from './flow-graph.js';

const DEFAULT_STATE = 'default';

/** Of a conversation that no step was sent to. */
export function beginning(flowVersion: number): FlowPosition {
  return {
    flowVersion,
    lastTemplateKey: undefined,
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
  return { ...(position ?? beginning(flowVersion)), flowVersion, lastTemplateKey: key };
}

/** Whether the last step has something still to be answered. After a hand-off it has not: a person goes on. */
export function isUnderWay(graph: FlowGraph, { lastTemplateKey }: FlowPosition): boolean {
  const last = graph.steps.find(({ key }) => key === lastTemplateKey);
  return last !== undefined && !last.handsOff && (last.branches.length > 0 || last.collects !== undefined);
}
