import { DiscoveryService } from '@nestjs/core';
import type { TenantId } from '../../kernel/ids.js';

/** One turn at a lane: nobody else drains it meanwhile. */
export interface LaneTurn {
  readonly key: string;
  /** Undefined for lanes of the platform's machinery. The engine has opened this tenant's scope (or the platform's). */
  readonly tenantId: TenantId | undefined;
  /** How many drains of this lane in a row ended with the death of their process. */
  readonly deaths: number;
  /** Aborted when the process stops or the lease was lost: finish what is on the wire, begin nothing. */
  readonly signal: AbortSignal;
}

/**
 * Works off one kind of lane. A lane is a line of work that must be done in order, by one worker at a time: a phone number's
 * outgoing messages, a customer's incoming ones. Rows say what is due; the lane only says where to look.
 */
export abstract class LaneDrain {
  /** Lanes of this kind that one process drains at a time. */
  abstract readonly concurrency: number;

  /** Those of one tenant among them: the other places stay free for others, however many lanes it has (F54). */
  readonly concurrencyPerTenant: number = Infinity;

  /**
   * Looks after what is kept here of others (caches, copies) rather than doing what was asked for at an instant. A virtual clock
   * does not stop where upkeep falls due: it is done, once, wherever the clock stops next.
   */
  readonly isUpkeep: boolean = false;

  /**
   * Works until nothing is due or the signal aborts. May be cut off at any await and run again: all effects must be idempotent.
   * @returns when the lane is due next, if that is known
   */
  abstract drain(turn: LaneTurn): Promise<Date | undefined>;
}

/** Marks the provider that drains the lanes of a kind; the kind is also the name of the queue that carries its wake-ups (C47). */
export const DrainsLane = DiscoveryService.createDecorator<string>();
