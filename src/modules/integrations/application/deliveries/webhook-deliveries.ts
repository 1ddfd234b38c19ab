import type { WebhookEvent } from './webhook-event.js';

/** `pending`: due, to be tried again, or behind another of its conversation; `exhausted`: tried to the end of the schedule. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'exhausted', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one endpoint, with how its last attempt went. */
export interface DeliveryView {
  readonly id: string;
  readonly eventId: string;
  /** A name of the event log, or `ping`. */
  readonly type: string;
  /** Null for a ping. */
  readonly seq: number | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Null: it is over, or waits behind another one. */
  readonly nextAt: Date | null;
  readonly lastStatus: number | null;
  /** What went wrong, or how the answer began. */
  readonly lastError: string | null;
  readonly lastTookMs: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How an attempt went. */
export interface AttemptView {
  /** ISO 8601, UTC: when it was over. */
  readonly at: string;
  readonly status: number | null;
  readonly tookMs: number;
  readonly error: string | null;
}

export interface DeliveryDetails extends DeliveryView {
  /** The latest ones, oldest first. */
  readonly history: readonly AttemptView[];
  /** What the receiver is told; null: the log has forgotten it. */
  readonly event: WebhookEvent | null;
}

/** What people look up of an endpoint's deliveries, in the open transaction. */
export abstract class WebhookDeliveries {
  /** Newest first. @param after where the page before ended */
  abstract page(
    endpointId: string,
    state: DeliveryState | undefined,
    after: { readonly createdAt: Date; readonly id: string } | undefined,
    limit: number,
  ): Promise<readonly DeliveryView[]>;
  /** @throws WebhookDeliveryNotFound */
  abstract find(endpointId: string, id: string): Promise<DeliveryDetails>;
  /** How many of these the endpoint has. */
  abstract count(endpointId: string, ids: readonly string[]): Promise<number>;
}
