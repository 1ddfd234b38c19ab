import type { FlowEdge } from '../../domain/move.js';

/** How often each way was taken, by version (D16). */
export abstract class EdgeCounts {
  /** In the transaction of the conversation that took it; nobody else's waits for that. */
  abstract add(edge: FlowEdge): Promise<void>;
}
