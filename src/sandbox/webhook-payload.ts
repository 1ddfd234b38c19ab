import { createHmac } from 'node:crypto';
import type { JsonObject } from './json-input.js';

/** One thing to tell the application; several may travel in one POST. */
export interface WebhookEvent {
  /** Events of one lane are posted one after the other: the number and the customer's phone, or the account. */
  readonly lane: string;
  readonly kind: 'message' | 'status' | 'account';
  readonly field: string;
  readonly wabaId: string;
  readonly phoneNumberId?: string;
  readonly displayPhoneNumber?: string;
  /** Customer's digits, for the record. */
  readonly waId?: string;
  readonly wamid?: string;
  /** Message type, status, or template event. */
  readonly type: string;
  /** Members of `value` beside `messaging_product` and `metadata`; a status stands alone in `statuses`. */
  readonly value: JsonObject;
  /** Told when the application took it (true) or nobody ever will (false). */
  readonly settled?: (taken: boolean) => void;
}

/**
 * The body of one POST. Statuses of one number share a change; everything else has a change of its own.
 * Shape: Meta, "messages webhook reference"; Business Messaging API v23, `WebhookPayload`.
 */
export function webhookBody(events: readonly WebhookEvent[], at: Date): JsonObject {
  const entries = new Map<string, JsonObject[]>();
  const statuses = new Map<string, JsonObject[]>();
  for (const event of events) {
    const changes = entries.get(event.wabaId) ?? [];
    entries.set(event.wabaId, changes);
    if (event.kind !== 'status' || event.phoneNumberId === undefined) {
      changes.push({ value: valueOf(event, event.value), field: event.field });
      continue;
    }
    const together = statuses.get(event.phoneNumberId);
    if (together) {
      together.push(event.value);
      continue;
    }
    const list = [event.value];
    statuses.set(event.phoneNumberId, list);
    changes.push({ value: valueOf(event, { statuses: list }), field: event.field });
  }
  const time = Math.floor(at.getTime() / 1000);
  return {
    object: 'whatsapp_business_account',
    entry: [...entries].map(([id, changes]) =>
      changes.some((change) => change['field'] !== 'messages') ? { id, time, changes } : { id, changes },
    ),
  };
}

function valueOf(event: WebhookEvent, members: JsonObject): JsonObject {
  if (event.phoneNumberId === undefined) return members;
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: event.displayPhoneNumber, phone_number_id: event.phoneNumberId },
    ...members,
  };
}

/** JSON as Meta writes and signs it: everything outside ASCII escaped with lower-case hex, slashes escaped. */
export function escapedUnicode(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Value of `X-Hub-Signature-256` over exactly these bytes. */
export function signature(body: string | Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}
