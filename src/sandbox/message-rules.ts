import { GraphError } from './graph-error.js';
import { looksLikeUserId } from './ids.js';
import { interactiveRules } from './interactive-rules.js';
import {
  arrayOf,
  isObject,
  type JsonObject,
  lengthOf,
  objectOf,
  optionalText,
  requiredText,
  textOf,
} from './json-input.js';

/** Limits of Meta's "Send messages" pages, in characters. */
const TEXT_BODY = 4096;
const CAPTION = 1024;
const CALLBACK_DATA = 512;
const LINK = 2048;

export const MEDIA_TYPES = ['image', 'audio', 'video', 'document', 'sticker'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** A checked send request: who, what, and the caller's opaque string. `payload` is the request as it came. */
export interface OutgoingMessage {
  /** `to` as it was written, if it was given; a phone number wins over `recipient`. */
  readonly to?: string;
  /** Business-scoped user id, when the message goes to one. */
  readonly recipient?: string;
  readonly type: string;
  readonly content: JsonObject;
  readonly context?: string;
  readonly callbackData?: string;
  readonly payload: JsonObject;
}

/**
 * Checks a body of `POST /{phone-number-id}/messages` as far as it can be judged without any state.
 * @throws GraphError 100, 131008, 131009, 131051
 */
export function readOutgoingMessage(body: unknown): OutgoingMessage {
  if (!isObject(body)) throw new GraphError(100, 'The request body must be a JSON object.');
  if (body['messaging_product'] !== 'whatsapp') {
    throw new GraphError(100, 'The parameter messaging_product is required and must be "whatsapp".');
  }
  const recipientType = body['recipient_type'] ?? 'individual';
  if (recipientType !== 'individual') throw GraphError.invalid('recipient_type', "must be 'individual'");
  const type = body['type'] === undefined ? 'text' : requiredText(body['type'], 'type', 64);
  const rule = RULES.get(type);
  if (!rule) throw new GraphError(131051, `Message type '${type}' is not supported.`);
  const content = type === 'contacts' ? { contacts: body['contacts'] } : body[type];
  if (!isObject(content)) throw GraphError.missing(type);
  rule(content);
  const callbackData = optionalText(body['biz_opaque_callback_data'], 'biz_opaque_callback_data', CALLBACK_DATA);
  const context = readContext(body['context']);
  return {
    ...readRecipient(body),
    type,
    content,
    payload: body,
    ...(context === undefined ? {} : { context }),
    ...(callbackData === undefined ? {} : { callbackData }),
  };
}

function readRecipient(body: JsonObject): { to: string } | { recipient: string } {
  const to = textOf(body['to']) ?? (typeof body['to'] === 'number' ? String(body['to']) : undefined);
  if (to) {
    // A business-scoped user id in `to` is let through here: Meta accepts it and then drops it without a word.
    if (looksLikeUserId(to)) return { to };
    const digits = to.replace(/\D/g, '');
    if (digits.length < 5 || digits.length > 20 || /[^\d+\-() .]/.test(to)) {
      throw GraphError.invalid('to', 'must be a phone number');
    }
    return { to };
  }
  const recipient = textOf(body['recipient']);
  if (!recipient) throw GraphError.missing('to');
  if (!looksLikeUserId(recipient)) throw GraphError.invalid('recipient', 'must be a business-scoped user id');
  return { recipient };
}

function readContext(value: unknown): string | undefined {
  return value === undefined ? undefined : requiredText(objectOf(value)['message_id'], 'context.message_id', 512);
}

const RULES: ReadonlyMap<string, (content: JsonObject) => void> = new Map(
  Object.entries<(content: JsonObject) => void>({
    text: (text) => void requiredText(text['body'], 'text.body', TEXT_BODY),
    template: checkTemplateShape,
    interactive: interactiveRules,
    image: (media) => checkMedia(media, 'image'),
    audio: (media) => checkMedia(media, 'audio'),
    video: (media) => checkMedia(media, 'video'),
    document: (media) => checkMedia(media, 'document'),
    sticker: (media) => checkMedia(media, 'sticker'),
    location: checkLocation,
    contacts: checkContacts,
    reaction: checkReaction,
  }),
);

function checkMedia(media: JsonObject, type: MediaType): void {
  if (media['id'] !== undefined && media['link'] !== undefined) {
    throw GraphError.invalid(type, "must carry either 'id' or 'link', not both");
  }
  if (media['id'] === undefined) checkLink(requiredText(media['link'], `${type}.id`, LINK), `${type}.link`);
  else requiredText(media['id'], `${type}.id`, 64);
  if (media['caption'] === undefined) return;
  if (type === 'audio' || type === 'sticker')
    throw GraphError.invalid(`${type}.caption`, 'is not allowed for this type');
  optionalText(media['caption'], `${type}.caption`, CAPTION);
}

function checkLink(link: string, path: string): void {
  if (!URL.canParse(link) || !/^https?:$/.test(new URL(link).protocol))
    throw GraphError.invalid(path, 'must be a valid URL');
}

function checkLocation(location: JsonObject): void {
  for (const [name, bound] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    const value = location[name];
    if (value === undefined || value === '') throw GraphError.missing(`location.${name}`);
    const degrees = Number(value);
    if (!Number.isFinite(degrees) || Math.abs(degrees) > bound) {
      throw GraphError.invalid(`location.${name}`, `must be between -${bound} and ${bound}`);
    }
  }
}

function checkContacts({ contacts }: JsonObject): void {
  const cards = arrayOf(contacts);
  if (cards.length === 0) throw GraphError.missing('contacts');
  if (cards.length > 257) throw GraphError.invalid('contacts', 'must hold at most 257 contacts');
  cards.forEach((card, index) => {
    const name = objectOf(objectOf(card)['name']);
    requiredText(name['formatted_name'], `contacts[${index}].name.formatted_name`, 1024);
    const parts = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];
    if (!parts.some((part) => textOf(name[part]))) throw GraphError.missing(`contacts[${index}].name.first_name`);
  });
}

function checkReaction(reaction: JsonObject): void {
  requiredText(reaction['message_id'], 'reaction.message_id', 512);
  const emoji = reaction['emoji'];
  if (typeof emoji !== 'string') throw GraphError.missing('reaction.emoji');
  // An empty string takes the reaction back; a family emoji is one picture of up to eleven code points.
  if (
    emoji !== '' &&
    (lengthOf(emoji) > 12 || !/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(emoji))
  ) {
    throw GraphError.invalid('reaction.emoji', 'must be a single emoji');
  }
}

function checkTemplateShape(template: JsonObject): void {
  requiredText(template['name'], 'template.name', 512);
  requiredText(objectOf(template['language'])['code'], 'template.language.code', 16);
  if (template['components'] !== undefined && !Array.isArray(template['components'])) {
    throw GraphError.invalid('template.components', 'must be an array');
  }
}
