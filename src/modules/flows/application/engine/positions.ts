import type { FlowPosition } from '../../domain/flow-graph.js';

/** What one message needs to know of a merchant's flow. */
export interface FlowStand {
  /** The newest version. */
  readonly newest: number;
  /** Undefined: the conversation was never led. */
  readonly position: FlowPosition | undefined;
  /** When the position was last written. */
  readonly movedAt: Date | undefined;
}

/** Where conversations stand (S2.17, S2.106). Written under the thread's lock, in the transaction that queues the step's message (S2.29). */
export abstract class Positions {
  /** In one look; undefined: the merchant has no flow. A step is not open any more once the conversation is with people. */
  abstract find(threadId: string): Promise<FlowStand | undefined>;
  abstract set(threadId: string, position: FlowPosition): Promise<void>;
  /** Two conversations turned out to be one: it stands where the later of them stood. */
  abstract move(fromThreadId: string, toThreadId: string): Promise<void>;
}
