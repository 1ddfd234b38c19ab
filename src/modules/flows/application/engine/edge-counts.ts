import type { FlowEdge } from '../../domain/move.js';

/** How often each way was taken, by version (D16). */
export abstract class EdgeCounts {
  abstract add(edge: FlowEdge): Promise<void>;
}
