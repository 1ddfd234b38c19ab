import type { TenantEventName } from '../../../../platform/realtime/tenant-event-names.js';

/** `paused`: by a person; `disabled`: its receiver was gone, or silent for five days. Both keep events waiting. */
export const ENDPOINT_STATUSES = ['enabled', 'paused', 'disabled'] as const;
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];

/** Where a system of the merchant's wants to hear what happened. */
export interface EndpointView {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** Names of events; empty: all. */
  readonly events: readonly TenantEventName[];
  readonly status: EndpointStatus;
  /** The last number of the event log that was made into deliveries; what comes after it waits in the log. */
  readonly position: number;
  readonly succeededAt: Date | null;
  readonly failingSince: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface EndpointToAdd {
  readonly url: string;
  readonly description?: string | null | undefined;
  readonly events?: readonly TenantEventName[] | undefined;
}

/** The tenant's endpoints, in the open transaction. */
export abstract class WebhookEndpoints {
  /** Oldest first. @param after the id of the last one of the page before */
  abstract page(after: string | undefined, limit: number): Promise<readonly EndpointView[]>;
  /** @throws WebhookEndpointNotFound */
  abstract find(id: string): Promise<EndpointView>;
  /** Until the transaction ends nobody else touches it. @throws WebhookEndpointNotFound */
  abstract lock(id: string): Promise<EndpointView>;
  /** Until the transaction ends nobody else adds one. @returns how many there are */
  abstract lockNumber(): Promise<number>;
  /** @param position it hears of what comes after it */
  abstract add(id: string, endpoint: EndpointToAdd, position: number): Promise<void>;
  abstract change(id: string, change: Partial<EndpointToAdd>): Promise<void>;
  abstract pause(id: string): Promise<void>;
  /** Enabled, with its failures forgotten. */
  abstract resume(id: string): Promise<void>;
  /** Nobody sees it any more; its deliveries are cleared away by its worker. */
  abstract remove(id: string): Promise<void>;
}
