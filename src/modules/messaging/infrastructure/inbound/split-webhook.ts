import { createHash } from 'node:crypto';
import type { WebhookEventKind, WebhookItem } from '../../domain/webhook-event.js';
import { isActedUpon } from '../changes/meta-change.js';
import { type ChangePart, splitChangeValue } from '../changes/split-change.js';
import {
  isObject,
  listIn,
  objectIn,
  readBody,
  storableJson,
  textIn,
  UnreadableJson,
  type JsonObject,
} from './webhook-json.js';

/** Where an item stands in its webhook. */
interface Place {
  readonly field: string;
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
}

/** Longer ids than these are none of the provider's: they would not fit into an index. */
const ID_LIMIT = 100;
const WAMID_LIMIT = 400;

/**
 * Takes a webhook apart: one item a message, a status, or another change (reliability 2.2; Meta, "Webhooks overview").
 * Never throws: what cannot be read becomes an item with a fault, and its neighbours are not touched (F16, F19).
 */
export function splitWebhook(raw: Uint8Array): WebhookItem[] {
  let body: unknown;
  try {
    body = readBody(raw);
  } catch (error) {
    return [unreadable(raw, reasonOf(error))];
  }
  if (!isObject(body) || !Array.isArray(body['entry'])) return [unreadable(raw, 'the body has no list of entries')];
  if (body['object'] !== 'whatsapp_business_account')
    return [unreadable(raw, 'the body is not about a WhatsApp business account')];
  return listIn(body['entry']).flatMap((entry) => {
    const { id, time, changes } = objectIn(entry);
    const wabaId = idIn(id);
    if (!Array.isArray(changes))
      return [
        faulty(
          { field: 'unknown', wabaId, phoneNumberId: undefined },
          'change',
          entry,
          'the entry has no list of changes',
        ),
      ];
    return listIn(changes).flatMap((change) => splitChange(change, wabaId, time));
  });
}

/** @param time of the entry: what has no time of its own happened then */
function splitChange(change: unknown, wabaId: string | undefined, time: unknown): WebhookItem[] {
  const { field: named, value } = objectIn(change);
  const field = textIn(named)?.slice(0, ID_LIMIT) ?? 'unknown';
  const content = objectIn(value);
  const metadata = objectIn(content['metadata']);
  const place = { field, wabaId, phoneNumberId: idIn(metadata['phone_number_id']) };
  if (!isObject(value)) return [faulty(place, 'change', change, 'the change has no value')];
  const messages = listIn(content['messages']);
  const statuses = listIn(content['statuses']);
  if (field !== 'messages' || messages.length + statuses.length === 0)
    return splitChangeValue(field, value).map((part) => changeItem(place, part, time));
  const contacts = listIn(content['contacts']).map(objectIn);
  return [
    ...messages.map((message, index) =>
      messageItem(
        place,
        message,
        contactOf(objectIn(message), contacts, messages.length === contacts.length ? index : undefined),
      ),
    ),
    ...statuses.map((status) => statusItem(place, status, contacts)),
    ...(listIn(content['errors']).length > 0
      ? [changeItem(place, { value: { errors: content['errors'] } }, time)]
      : []),
  ];
}

function messageItem(place: Place, message: unknown, contact: JsonObject | undefined): WebhookItem {
  const { id, timestamp, from, from_user_id: fromUserId, system } = objectIn(message);
  const wamid = textIn(id);
  const sender =
    idIn(fromUserId) ??
    idIn(contact?.['user_id']) ??
    idIn(objectIn(system)['user_id']) ??
    idIn(from) ??
    idIn(contact?.['wa_id']);
  if (place.phoneNumberId === undefined)
    return faulty(place, 'message', message, 'the message names no number that it was sent to');
  if (wamid === undefined || wamid.length > WAMID_LIMIT)
    return faulty(place, 'message', message, 'the message has no id');
  if (sender === undefined) return faulty(place, 'message', message, 'the message names no sender');
  return item(
    place,
    'message',
    { message, contact },
    {
      naturalKey: `${place.phoneNumberId}|message|${clean(wamid)}`,
      // The business-scoped id before the number: it is in every webhook, the number comes and goes (F1).
      subject: `${place.phoneNumberId}:${clean(sender)}`,
      ...instantIn(timestamp),
    },
  );
}

function statusItem(place: Place, status: unknown, contacts: readonly JsonObject[]): WebhookItem {
  const { id, status: word, timestamp, recipient_participant_id: participant } = objectIn(status);
  const wamid = textIn(id);
  const name = idIn(word);
  if (place.phoneNumberId === undefined)
    return faulty(place, 'status', status, 'the status names no number that the message came from');
  if (wamid === undefined || wamid.length > WAMID_LIMIT || name === undefined)
    return faulty(place, 'status', status, 'the status names no message');
  // A message to a group has the same status once for each member.
  const key = [
    place.phoneNumberId,
    'status',
    wamid,
    name,
    idIn(timestamp) ?? '',
    ...(idIn(participant) === undefined ? [] : [idIn(participant)]),
  ];
  return item(
    place,
    'status',
    { status, ...(contacts.length > 0 && { contacts }) },
    {
      naturalKey: clean(key.join('|')),
      subject: clean(wamid),
      ...instantIn(timestamp),
    },
  );
}

function changeItem(place: Place, { value, key, at }: ChangePart, time: unknown): WebhookItem {
  const { phoneNumberId, wabaId, field } = place;
  // The same words at another time are other news: a template that is approved, paused and approved again.
  const happened = { ...instantIn(time), ...instantIn(objectIn(value)['timestamp']), ...instantIn(at) };
  const lane = phoneNumberId ?? wabaId;
  const changed = item(place, 'change', value, {
    ...happened,
    ...(isActedUpon(field) && lane !== undefined && { subject: lane }),
    ...(key !== undefined && phoneNumberId !== undefined && { naturalKey: clean(`${phoneNumberId}|${key}`) }),
  });
  const own = changed.fault === undefined && key === undefined && textIn(time) !== undefined;
  return own ? { ...changed, naturalKey: `${changed.naturalKey}|${clean(textIn(time) ?? '').slice(0, 20)}` } : changed;
}

/** @param own what the kind adds; without a key of its own an item is known by its content */
function item(place: Place, kind: WebhookEventKind, payload: unknown, own: Partial<WebhookItem>): WebhookItem {
  let text: string;
  try {
    text = storableJson(payload);
  } catch (error) {
    return faulty(place, kind, undefined, reasonOf(error), own.naturalKey);
  }
  return { ...placeOf(place), kind, payload: text, naturalKey: contentKey(place, text), ...own };
}

function faulty(
  place: Place,
  kind: WebhookEventKind,
  content: unknown,
  fault: string,
  naturalKey?: string,
): WebhookItem {
  let payload = '{}';
  try {
    payload = storableJson(content ?? {});
  } catch {
    // The reason says enough; the inbox has the bytes.
  }
  return {
    ...placeOf(place),
    kind,
    payload,
    naturalKey: naturalKey ?? contentKey(place, `${fault}|${payload}`),
    fault,
  };
}

/** A body that is kept as a whole, since it is no webhook; the same bytes again are the same item. */
export function unreadable(raw: Uint8Array, fault: string): WebhookItem {
  return {
    kind: 'unreadable',
    field: 'unreadable',
    payload: '{}',
    naturalKey: `body|${createHash('sha256').update(raw).digest('hex')}`,
    fault,
  };
}

function placeOf({ field, wabaId, phoneNumberId }: Place): Pick<WebhookItem, 'field' | 'wabaId' | 'phoneNumberId'> {
  return {
    field: clean(field),
    ...(wabaId !== undefined && { wabaId }),
    ...(phoneNumberId !== undefined && { phoneNumberId }),
  };
}

function contentKey({ wabaId, phoneNumberId, field }: Place, text: string): string {
  return `${wabaId ?? phoneNumberId ?? 'nobody'}|${clean(field)}|${createHash('sha256').update(text).digest('hex')}`;
}

/** The contact that a message came from: contacts are a list beside the messages, in no promised order. */
function contactOf(
  message: JsonObject,
  contacts: readonly JsonObject[],
  index: number | undefined,
): JsonObject | undefined {
  const { from, from_user_id: userId } = message;
  const named = contacts.find(
    (contact) =>
      (userId !== undefined && contact['user_id'] === userId) || (from !== undefined && contact['wa_id'] === from),
  );
  if (named || index === undefined) return named;
  const beside = contacts[index]!;
  // A message that names its sender is not given another one's name.
  const contradicts =
    (userId !== undefined && beside['user_id'] !== undefined) || (from !== undefined && beside['wa_id'] !== undefined);
  return contradicts ? undefined : beside;
}

function idIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text !== undefined && text.length <= ID_LIMIT ? clean(text) : undefined;
}

/** What a text column takes. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

const EARLIEST = Date.UTC(2009, 0) / 1000;
const LATEST = Date.UTC(2100, 0) / 1000;

/** Seconds since 1970, as text or number; anything else is no time. */
function instantIn(value: unknown): { providerAt?: Date } {
  const seconds = Number(textIn(value));
  return seconds >= EARLIEST && seconds < LATEST ? { providerAt: new Date(seconds * 1000) } : {};
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableJson) return error.message;
  throw error;
}
