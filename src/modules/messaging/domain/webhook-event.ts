/** message and status are acted upon; a change is anything else that the provider tells; unreadable is a body that is no webhook. */
export type WebhookEventKind = 'message' | 'status' | 'change' | 'unreadable';

/**
 * - `pending`: waits for its lane.
 * - `processed`: has taken effect, or needed none.
 * - `orphan`: a status whose message is not known here; looked at again, and counted as processed.
 * - `unrouted`: no tenant has the number, or the tenant is suspended; kept, without effect.
 * - `quarantined`: cannot be read, or was given up; `reason` says why.
 */
export type WebhookEventState = 'pending' | 'processed' | 'orphan' | 'unrouted' | 'quarantined';

/** One thing that a webhook tells: the unit that is deduplicated, ordered, processed and replayed. */
export interface WebhookItem {
  readonly kind: WebhookEventKind;
  /** The provider's webhook field. */
  readonly field: string;
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  /** Unique within the tenant; starts with the number's or account's id (reliability 2.2). */
  readonly naturalKey: string;
  /** The lane key of a message or of a change that is acted upon, the wamid of a status. */
  readonly subject?: string;
  readonly providerAt?: Date;
  /** JSON text that jsonb can hold: no NUL, no lone surrogate. */
  readonly payload: string;
  /** Why nothing can be done with it. */
  readonly fault?: string;
}
