import { DiscoveryService } from '@nestjs/core';

/** An event as a reaction receives it. */
export interface DeliveredEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly occurredAt: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Reacts to other contexts' events. Runs in a transaction of its own, in the tenant's scope, at least once but with effect once:
 * the delivery is recorded in the same transaction. Throwing means "later", with backoff, then the dead letters.
 */
export abstract class Reaction {
  abstract on(event: DeliveredEvent): Promise<void>;
}

/** Marks a `Reaction` with the event types that it answers; its class name is its stored identity, so it is not renamed lightly. */
export const ReactsTo = DiscoveryService.createDecorator<string[]>();
