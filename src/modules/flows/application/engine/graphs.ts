import type { FlowGraph } from '../../domain/flow-graph.js';

/** The versions of a merchant's flow; each is immutable. */
export abstract class Graphs {
  /** @throws Error when there is no such version: it would be a fault of ours */
  abstract get(version: number): Promise<FlowGraph>;
  /** The version that holds now; undefined: the merchant has no flow. */
  abstract newest(): Promise<FlowGraph | undefined>;
}
