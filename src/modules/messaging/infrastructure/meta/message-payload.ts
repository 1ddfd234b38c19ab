import { needsListFor } from '../../domain/content-limits.js';
import type {
  ButtonsContent,
  ContactCard,
  ListContent,
  MediaContent,
  MediaReference,
  MessageContent,
  TemplateContent,
  TemplateVariables,
} from '../../domain/message-content.js';
import type { OutgoingMessage } from '../../application/outbound/whatsapp.js';

type Payload = Record<string, unknown>;

/** Opens the list that a message with long button titles becomes (C16); the shortest word that fits any choice. */
const LIST_BUTTON = 'Choose';

/** A message in Meta's words (S0.50, S1.16): the body of `POST /{phone-number-id}/messages`. */
export function messagePayload({ to, content, contextWamid, reference }: OutgoingMessage): Payload {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    // A business-scoped user id in `to` is dropped without a word (F1).
    ...(to.kind === 'phone' ? { to: to.value } : { recipient: to.value }),
    ...(contextWamid === undefined ? {} : { context: { message_id: contextWamid } }),
    biz_opaque_callback_data: reference,
    ...contentPayload(content),
  };
}

/** The body that shows a customer that their message was read. */
export function readReceiptPayload(wamid: string, show: 'ticks' | 'ticks-and-typing'): Payload {
  return {
    messaging_product: 'whatsapp',
    status: 'read',
    message_id: wamid,
    ...(show === 'ticks' ? {} : { typing_indicator: { type: 'text' } }),
  };
}

function contentPayload(content: MessageContent): Payload {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: { body: content.body, preview_url: content.previewUrl ?? false } };
    case 'template':
      return { type: 'template', template: template(content) };
    case 'buttons':
      return { type: 'interactive', interactive: needsListFor(content) ? list(asList(content)) : buttons(content) };
    case 'list':
      return { type: 'interactive', interactive: list(content) };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return { type: 'location', location: { latitude, longitude, ...given({ name, address }) } };
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(contact) };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: content.toWamid, emoji: content.emoji } };
    default:
      return { type: content.type, [content.type]: media(content) };
  }
}

function buttons(content: ButtonsContent): Payload {
  return {
    type: 'button',
    ...frame(content),
    action: { buttons: content.buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })) },
  };
}

function asList({ header, body, footer, buttons }: ButtonsContent): ListContent {
  return {
    type: 'list',
    body,
    button: LIST_BUTTON,
    sections: [{ rows: buttons }],
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
  };
}

function list(content: ListContent): Payload {
  const sections = content.sections.map(({ title, rows }) => ({
    ...given({ title }),
    rows: rows.map(({ id, title: rowTitle, description }) => ({ id, title: rowTitle, ...given({ description }) })),
  }));
  return { type: 'list', ...frame(content), action: { button: content.button, sections } };
}

function frame({ header, body, footer }: ButtonsContent | ListContent): Payload {
  return {
    ...(header === undefined ? {} : { header: { type: 'text', text: header } }),
    body: { text: body },
    ...(footer === undefined ? {} : { footer: { text: footer } }),
  };
}

function template({ name, language, header, body, buttons = [] }: TemplateContent): Payload {
  const components: Payload[] = [];
  if (header)
    components.push({
      type: 'header',
      parameters: 'kind' in header ? [{ type: header.kind, [header.kind]: mediaSource(header) }] : variables(header),
    });
  if (body) components.push({ type: 'body', parameters: variables(body) });
  for (const { index, kind, value } of buttons)
    components.push({
      type: 'button',
      sub_type: kind,
      index: String(index),
      parameters: [BUTTON_PARAMETER[kind](value)],
    });
  return { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) };
}

const BUTTON_PARAMETER = {
  quick_reply: (payload: string) => ({ type: 'payload', payload }),
  url: (text: string) => ({ type: 'text', text }),
  copy_code: (code: string) => ({ type: 'coupon_code', coupon_code: code }),
} as const;

/** The template's `parameter_format` decided the form; named ones carry their name (S0.50, C19). */
function variables(given: TemplateVariables): Payload[] {
  if ('positional' in given) return given.positional.map((text) => ({ type: 'text', text }));
  return Object.entries(given.named).map(([name, text]) => ({ type: 'text', parameter_name: name, text }));
}

function media(content: MediaContent): Payload {
  return { ...mediaSource(content.media), ...given({ caption: content.caption, filename: content.filename }) };
}

function mediaSource(reference: MediaReference): Payload {
  if ('mediaId' in reference) throw new Error('A file of ours is put at the provider before its message is posted');
  return 'id' in reference ? { id: reference.id } : { link: reference.link };
}

/** Meta wants one more part of the name than the formatted one. */
function contact({ name, phones, emails, organization }: ContactCard): Payload {
  const parts = given({ first_name: name.first, last_name: name.last });
  return {
    name: {
      formatted_name: name.formatted,
      ...(Object.keys(parts).length === 0 ? { first_name: name.formatted } : parts),
    },
    ...(phones ? { phones: phones.map(({ phone, label }) => ({ phone, ...given({ type: label }) })) } : {}),
    ...(emails ? { emails: emails.map(({ email, label }) => ({ email, ...given({ type: label }) })) } : {}),
    ...(organization === undefined ? {} : { org: { company: organization } }),
  };
}

/** The members that are there. */
function given(members: Payload): Payload {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
