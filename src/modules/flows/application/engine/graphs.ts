import type { FlowGraph } from '../../domain/flow-graph.js';

/**
 * The versions of a merchant's flow; each is immutable, and kept in memory once it was read: whoever writes a version does not read it here
 * before that is committed.
 */
export abstract class Graphs {
  /** Undefined: nobody keeps that version any more. */
  abstract find(version: number): Promise<FlowGraph | undefined>;
  /** The version that holds now; undefined: the merchant has no flow. */
  abstract newest(): Promise<FlowGraph | undefined>;
}
