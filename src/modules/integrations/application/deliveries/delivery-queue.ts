import type { Checkup, EndpointHealth } from '../../domain/endpoint-health.js';
import type { EndpointStatus } from '../endpoints/webhook-endpoints.js';
import type { WebhookEvent } from './webhook-event.js';

/** An endpoint that its worker holds. */
export interface HeldEndpoint extends EndpointHealth {
  readonly id: string;
  readonly url: string;
  /** `suspended`: its merchant is, and it rests like a paused one; `removed`: what it leaves is to be cleared away. */
  readonly status: EndpointStatus | 'suspended' | 'removed';
  /** When people were last told that deliveries of it are exhausted. */
  readonly exhaustionToldAt: Date | null;
}

/** A delivery that is to be attempted now. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  /** Undefined for a ping. */
  readonly seq: number | undefined;
  /** Attempts that failed so far. */
  readonly attempts: number;
  /** When its turn would be, where it goes sooner: this attempt costs none of the schedule's. */
  readonly plannedAt: Date | undefined;
  /** Undefined: the log has forgotten it. */
  readonly event: WebhookEvent | undefined;
}

export interface SettledDelivery {
  readonly id: string;
  readonly state: 'pending' | 'delivered' | 'exhausted' | 'cancelled';
  /** When it is tried again; null: never. */
  readonly nextAt: Date | null;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number | null;
}

/** What `take` found after the endpoint's position. */
export interface Taken {
  /** Whether there may be more. */
  readonly more: boolean;
  /** Lines that have grown. */
  readonly keys: readonly string[];
  /** Events that the log had forgotten before they were taken. */
  readonly forgotten: number;
}

/** How many deliveries may begin. */
export interface Room {
  readonly pings: number;
  readonly heads: number;
}

/**
 * An endpoint's deliveries, in the open transaction of whoever holds the endpoint. Deliveries of one order key stand in line by their numbers:
 * only the first of a line has a time at which it goes, and gives the next one its own when it is over.
 */
export abstract class DeliveryQueue {
  /** Locks the endpoint, so that one at a time moves its line. Undefined: there is none. */
  abstract hold(endpointId: string): Promise<HeldEndpoint | undefined>;
  /** Makes deliveries of the next `limit` events of the log, and moves the endpoint's position with them. */
  abstract take(endpointId: string, limit: number): Promise<Taken>;
  /** Leases deliveries that are due, those of workers that died first; while the position is behind (a replay), none from beyond it. */
  abstract claim(endpointId: string, room: Room): Promise<readonly ClaimedDelivery[]>;
  /** Ends attempts. One that another worker has begun again meanwhile is passed over, unless this one succeeded. */
  abstract settle(endpointId: string, settled: readonly SettledDelivery[]): Promise<void>;
  /** Keeps what a checkup found; a disabled endpoint sends nothing more. */
  abstract keep(endpointId: string, checkup: Checkup): Promise<void>;
  abstract noteExhaustionTold(endpointId: string): Promise<void>;
  /**
   * When the endpoint's next delivery is due, or the lease of one ends; undefined: it waits for nothing.
   * @param notBefore of deliveries that are no pings
   */
  abstract nextDue(endpoint: HeldEndpoint, notBefore: Date | undefined): Promise<Date | undefined>;
  /** Lets the heads of lines go now, whenever their turn would be; this costs them no attempt. @param keys of these lines alone */
  abstract hurry(endpointId: string, keys?: readonly string[]): Promise<void>;
  /** Adds a ping, which stands in no line. */
  abstract ping(endpointId: string, id: string): Promise<void>;
  /** Makes those that are over due again, in their lines. @returns how many were */
  abstract repeat(endpointId: string, ids: readonly string[]): Promise<number>;
  /** The same for the oldest `limit` exhausted ones. */
  abstract repeatExhausted(endpointId: string, limit: number): Promise<number>;
  /**
   * Moves the endpoint's position back to the first event that happened then or later, so that all are taken again, those after `until` excepted;
   * what waits is left as it is.
   * @returns how many events it concerns
   */
  abstract rewind(endpointId: string, since: Date, until: Date | undefined): Promise<number>;
  /** Clears away up to `limit` deliveries of an endpoint that was removed, at the end itself. @returns whether there may be more */
  abstract clear(endpointId: string, limit: number): Promise<boolean>;
}
