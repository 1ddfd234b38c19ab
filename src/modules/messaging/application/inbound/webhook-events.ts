import type { WebhookEventKind, WebhookEventState } from '../../domain/webhook-event.js';

/** A webhook event without its content, which may hold what customers wrote. */
export interface WebhookEventView {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: WebhookEventKind;
  readonly field: string;
  readonly state: WebhookEventState;
  readonly reason: string | null;
  readonly wabaId: string | null;
  readonly phoneNumberId: string | null;
  readonly tries: number;
  readonly providerAt: Date | null;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
}

/** Everything that was answered 200, by what became of it; `received` is the sum of the others. Orphans count as processed. */
export interface WebhookSummary {
  readonly received: number;
  readonly pending: number;
  readonly processed: number;
  readonly unrouted: number;
  readonly quarantined: number;
}

/** Which events to take up again: these, or all that fit, of the current scope. */
export interface ReplaySelection {
  readonly ids?: readonly string[];
  readonly state?: WebhookEventState;
  /** Received then or later. */
  readonly since?: Date;
}

export interface ReplaySummary {
  readonly replayed: number;
  /** Selected, but there is nothing to do again: changes that nobody acts upon, and what is pending anyway. */
  readonly skipped: number;
}

/** The webhook events that the current scope sees: a tenant its own, the platform all. */
export abstract class WebhookEvents {
  abstract summarise(): Promise<WebhookSummary>;
  /** Newest first, up to `limit` of those before the id. */
  abstract list(
    filter: { state?: WebhookEventState; field?: string; before?: string },
    limit: number,
  ): Promise<WebhookEventView[]>;
  /** Makes the events due again, in transactions of its own. What has taken effect does not do so twice. */
  abstract replay(selection: ReplaySelection): Promise<ReplaySummary>;
  /** Takes up an event that was given up, in the open transaction. @returns false when it is not given up (any more) */
  abstract takeUpAgain(eventId: string): Promise<boolean>;
}
