import type { FlowGraph } from '../flow-graph.js';
import type { FlowStep } from '../flow-step.js';

/** A flow that merchants begin with instead of a blank page. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  readonly flow: Omit<FlowGraph, 'version'>;
}

/** A step in English that sends a text, unless told otherwise. */
export function step(key: string, body: string, more: Partial<FlowStep> = {}): FlowStep {
  return {
    key,
    kind: more.branches ? 'interactive_button' : 'text',
    body,
    branches: [],
    language: 'en',
    translations: {},
    handsOff: false,
    isActive: true,
    ...more,
  };
}
