import type { InboundBody, InboundMessage, SenderIdentity } from '../../application/inbound/inbound-message.js';
import { isObject, listIn, objectIn, textIn, type JsonObject } from './webhook-json.js';

/** A customer's message as Meta's webhook carried it (Meta, "messages webhook reference"; business-scoped user ids: F1). */
export function inboundMessageOf(
  payload: unknown,
  place: { phoneNumberId: string; sentAt: Date },
): Omit<InboundMessage, 'mayAnswer'> {
  const raw = objectIn(objectIn(payload)['message']);
  const contextWamid = textIn(objectIn(raw['context'])['id']);
  return {
    wamid: textIn(raw['id']) ?? '',
    phoneNumberId: place.phoneNumberId,
    sentAt: place.sentAt,
    from: senderOf(raw, objectIn(objectIn(payload)['contact'])),
    body: bodyOf(raw),
    ...(contextWamid !== undefined && { contextWamid }),
    raw,
  };
}

function senderOf(message: JsonObject, contact: JsonObject): SenderIdentity {
  const profile = objectIn(contact['profile']);
  // What the system tells of a customer has no contact beside it.
  const system = objectIn(message['system']);
  return {
    ...known('waId', (textIn(message['from']) ?? textIn(contact['wa_id']))?.replace(/^\+/, '')),
    ...known('userId', textIn(message['from_user_id']) ?? textIn(contact['user_id']) ?? textIn(system['user_id'])),
    ...known(
      'parentUserId',
      textIn(message['from_parent_user_id']) ?? textIn(contact['parent_user_id']) ?? textIn(system['parent_user_id']),
    ),
    ...known('username', textIn(profile['username']) ?? textIn(contact['username'])),
    ...known('profileName', textIn(profile['name'])),
  };
}

/** What a message of the provider's says, whoever wrote it. */
export function bodyOf(message: JsonObject): InboundBody {
  const type = textIn(message['type']) ?? 'unknown';
  const content = objectIn(message[type]);
  return READERS.get(type)?.(content, message) ?? { type: 'other', providerType: type };
}

type Reader = (content: JsonObject, message: JsonObject) => InboundBody | undefined;

/** By Meta's message type. A reader that does not find what it needs leaves the message to be kept as it is. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>(
  Object.entries({
    text: ({ body }) => ({ type: 'text', text: textIn(body) ?? '' }),
    interactive: interactiveBody,
    button: ({ payload, text }) => {
      const title = textIn(text) ?? textIn(payload);
      return title === undefined ? undefined : { type: 'tap', source: 'template', id: textIn(payload) ?? title, title };
    },
    image: (content) => mediaBody('image', content),
    video: (content) => mediaBody('video', content),
    audio: (content) => mediaBody(content['voice'] === true ? 'voice' : 'audio', content),
    voice: (content) => mediaBody('voice', content),
    document: (content) => mediaBody('document', content),
    sticker: (content) => mediaBody('sticker', content),
    location: ({ latitude, longitude, name, address }) => {
      const place = { latitude: Number(latitude), longitude: Number(longitude) };
      if (latitude === undefined || longitude === undefined || !Number.isFinite(place.latitude + place.longitude))
        return undefined;
      return { type: 'location', ...place, ...known('name', textIn(name)), ...known('address', textIn(address)) };
    },
    contacts: (_, { contacts }) =>
      Array.isArray(contacts) ? { type: 'contacts', contacts: listIn(contacts) } : undefined,
    reaction: ({ message_id: toWamid, emoji }) => {
      const target = textIn(toWamid);
      return target === undefined ? undefined : { type: 'reaction', toWamid: target, emoji: textIn(emoji) ?? '' };
    },
    order: ({ catalog_id: catalogId, product_items: items, text }) =>
      Array.isArray(items)
        ? {
            type: 'order',
            items: listIn(items),
            ...known('catalogId', textIn(catalogId)),
            ...known('text', textIn(text)),
          }
        : undefined,
    system: (content) => ({
      type: 'system',
      event: textIn(content['type']) ?? 'unknown',
      ...known('text', textIn(content['body'])),
      // `new_wa_id` until Graph API v12.
      ...known('newWaId', textIn(content['wa_id']) ?? textIn(content['new_wa_id'])),
      ...known('previousUserId', textIn(content['previous_user_id'])),
    }),
  } satisfies Record<string, Reader>),
);

function interactiveBody(content: JsonObject): InboundBody | undefined {
  const { button_reply: button, list_reply: row, nfm_reply: form } = content;
  if (isObject(button)) return tapBody('button', button);
  if (isObject(row)) return tapBody('list', row);
  if (isObject(form))
    return { type: 'form', ...known('name', textIn(form['name'])), response: formResponse(form['response_json']) };
  return undefined;
}

function tapBody(source: 'button' | 'list', reply: JsonObject): InboundBody | undefined {
  const id = textIn(reply['id']);
  if (id === undefined) return undefined;
  return {
    type: 'tap',
    source,
    id,
    title: textIn(reply['title']) ?? id,
    ...known('description', textIn(reply['description'])),
  };
}

/** The answer of a form is JSON within JSON; one that cannot be read is kept as its text. */
function formResponse(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function mediaBody(
  kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker',
  content: JsonObject,
): InboundBody | undefined {
  const mediaId = textIn(content['id']);
  if (mediaId === undefined) return undefined;
  return {
    type: 'media',
    kind,
    mediaId,
    ...known('mimeType', textIn(content['mime_type'])),
    ...known('sha256', textIn(content['sha256'])),
    ...known('caption', textIn(content['caption'])),
    ...known('filename', textIn(content['filename'])),
  };
}

/** The member, if there is a value for it: absent members stay absent. */
export function known<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
