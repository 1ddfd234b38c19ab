import type { FlowGraph } from '../flow-graph.js';
import type { Finding } from './finding.js';

/** What is known around a flow. */
export interface Surroundings {
  /** Whole names of the variables that have a source: `customer.balance`. */
  readonly variables: ReadonlySet<string>;
  /** WhatsApp templates that may be sent, as `name/language`; undefined: not known. */
  readonly whatsappTemplates?: ReadonlySet<string> | undefined;
}

/** Everything that is to be said about a flow (D16): its steps one by one, then how they lead to each other. */
export function checkFlow(graph: FlowGraph, around: Surroundings): Finding[] {
  void [graph, around];
  return [];
}
