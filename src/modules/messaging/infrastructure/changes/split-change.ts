import { isObject, listIn, objectIn, textIn, type JsonObject } from '../inbound/webhook-json.js';

/** One thing that a change tells, in a value of the provider's own shape. */
export interface ChangePart {
  readonly value: unknown;
  /** What it is known by within its number, when the provider names it: the same again is a duplicate. */
  readonly key?: string;
  /** The provider's time of it, in seconds. */
  readonly at?: unknown;
}

const WAMID_LIMIT = 400;

/**
 * Takes the value of a change apart into what succeeds and fails by itself: a webhook of the history may hold thousands of messages. Each part
 * reads like a webhook that has only this part. What has no list of parts stays whole.
 */
export function splitChangeValue(field: string, value: JsonObject): ChangePart[] {
  const { metadata, contacts } = value;
  const common = { ...(metadata !== undefined && { metadata }), ...(contacts !== undefined && { contacts }) };
  switch (field) {
    case 'smb_message_echoes':
      return orWhole(value, messages('echo', 'message_echoes', value, common));
    case 'history':
      return orWhole(value, [
        ...listIn(value['history']).flatMap((chunk) => historyParts(objectIn(chunk), common)),
        ...messages('history-media', 'messages', value, common),
        ...messages('history-media', 'message_echoes', value, common),
      ]);
    case 'smb_app_state_sync':
      return orWhole(value, [
        ...listIn(value['state_sync']).map((entry) => ({
          value: { ...common, state_sync: [entry] },
          at: objectIn(objectIn(entry)['metadata'])['timestamp'],
        })),
      ]);
    case 'calls':
      return orWhole(value, [...entries('calls', value, common), ...entries('statuses', value, common)]);
    case 'user_preferences':
      return orWhole(value, entries('user_preferences', value, common));
    default:
      return [{ value }];
  }
}

function orWhole(value: JsonObject, parts: ChangePart[]): ChangePart[] {
  return parts.length === 0 ? [{ value }] : parts;
}

function entries(list: string, value: JsonObject, common: JsonObject): ChangePart[] {
  return listIn(value[list]).map((entry) => ({
    value: { ...common, [list]: [entry] },
    at: objectIn(entry)['timestamp'],
  }));
}

function messages(key: string, list: string, value: JsonObject, common: JsonObject): ChangePart[] {
  return listIn(value[list]).map((message) => ({
    value: { ...common, [list]: [message] },
    ...keyOf(key, message),
    at: objectIn(message)['timestamp'],
  }));
}

/** A chunk of the history: how far it has come, and each of its messages under its thread. */
function historyParts(chunk: JsonObject, common: JsonObject): ChangePart[] {
  const { metadata: progress, threads, ...rest } = chunk;
  const own: ChangePart[] = isObject(progress)
    ? [
        {
          value: { ...common, history: [{ metadata: progress }] },
          key: `history|${textIn(progress['phase']) ?? ''}|${textIn(progress['chunk_order']) ?? ''}`,
        },
      ]
    : [];
  const told = listIn(threads).flatMap((thread) => {
    const { messages: list, ...about } = objectIn(thread);
    return listIn(list).map((message) => ({
      value: { ...common, history: [{ threads: [{ ...about, messages: [message] }] }] },
      ...keyOf('history', message),
      at: objectIn(message)['timestamp'],
    }));
  });
  return Object.keys(rest).length > 0
    ? [...own, { value: { ...common, history: [rest] } }, ...told]
    : [...own, ...told];
}

function keyOf(kind: string, message: unknown): { key?: string } {
  const wamid = textIn(objectIn(message)['id']);
  return wamid === undefined || wamid.length > WAMID_LIMIT ? {} : { key: `${kind}|${wamid}` };
}
