import { DomainError } from '../../../kernel/domain-error.js';
import type {
  ButtonsContent,
  ContactsContent,
  ListContent,
  LocationContent,
  MediaContent,
  MediaReference,
  MessageContent,
  ReactionContent,
  TemplateContent,
  TemplateVariables,
} from './message-content.js';

/** What is wrong with one field of a message, and the limit that it breaks where there is one. */
export interface ContentFault {
  readonly path: string;
  readonly message: string;
  readonly limit?: number;
}

/** A message that WhatsApp would refuse: told before it is queued, all its faults at once. */
export class ContentRefused extends DomainError {
  readonly code = 'CONTENT_REFUSED';
  readonly kind = 'meaning';
  override readonly extensions: { readonly errors: readonly ContentFault[] };
  constructor(readonly faults: readonly ContentFault[]) {
    super(`The message cannot be sent: ${faults.map(({ path, message }) => `${path} ${message}`).join('; ')}.`);
    this.extensions = { errors: faults };
  }
}

/** Limits of the platform, in characters (code points) or items (whatsapp-platform.md "Field limits"; Meta's message pages). */
export const CONTENT_LIMITS = {
  text: 4096,
  header: 60,
  interactiveBody: 1024,
  footer: 60,
  buttons: 3,
  buttonId: 256,
  /** Longer titles, up to `rowTitle`, are sent as a list (C16). */
  buttonTitle: 20,
  listButton: 20,
  sections: 10,
  sectionTitle: 24,
  rows: 10,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
  templateName: 512,
  templateHeader: 60,
  templateVariable: 1024,
  templateButtons: 10,
  templateButtonValue: { quick_reply: 256, url: 2000, copy_code: 15 },
  caption: 1024,
  filename: 240,
  link: 2048,
  mediaId: 64,
  place: 1000,
  contacts: 257,
  contactField: 1024,
  wamid: 512,
} as const;

/** Checks every limit of the platform that can be known without asking it. @throws ContentRefused */
export function checkContent(content: MessageContent): void {
  const faults = [...faultsOf(content)];
  if (faults.length > 0) throw new ContentRefused(faults);
}

/** Whether a message with buttons must go out as a list, because a title is longer than a button may be (C16). */
export function needsListFor(content: ButtonsContent): boolean {
  return content.buttons.some(({ title }) => lengthOf(title) > CONTENT_LIMITS.buttonTitle);
}

type Faults = Generator<ContentFault, void, undefined>;

function* faultsOf(content: MessageContent): Faults {
  switch (content.type) {
    case 'text':
      return yield* text('body', content.body, CONTENT_LIMITS.text);
    case 'template':
      return yield* template(content);
    case 'buttons':
      return yield* buttons(content);
    case 'list':
      return yield* list(content);
    case 'location':
      return yield* location(content);
    case 'contacts':
      return yield* contacts(content);
    case 'reaction':
      return yield* reaction(content);
    default:
      return yield* media(content);
  }
}

function* frame({ header, body, footer }: ButtonsContent | ListContent): Faults {
  yield* optionalText('header', header, CONTENT_LIMITS.header);
  yield* text('body', body, CONTENT_LIMITS.interactiveBody);
  yield* optionalText('footer', footer, CONTENT_LIMITS.footer);
}

function* buttons(content: ButtonsContent): Faults {
  yield* frame(content);
  yield* count('buttons', content.buttons.length, 1, CONTENT_LIMITS.buttons);
  const idLimit = needsListFor(content) ? CONTENT_LIMITS.rowId : CONTENT_LIMITS.buttonId;
  for (const [index, button] of content.buttons.entries()) {
    yield* text(`buttons[${index}].id`, button.id, idLimit);
    yield* text(`buttons[${index}].title`, button.title, CONTENT_LIMITS.rowTitle);
  }
  yield* different(
    'buttons',
    'ids',
    content.buttons.map(({ id }) => id),
  );
  yield* different(
    'buttons',
    'titles',
    content.buttons.map(({ title }) => title),
  );
}

function* list(content: ListContent): Faults {
  yield* frame(content);
  yield* text('button', content.button, CONTENT_LIMITS.listButton);
  yield* count('sections', content.sections.length, 1, CONTENT_LIMITS.sections);
  const rows = content.sections.flatMap((section) => section.rows);
  yield* count('sections', rows.length, 1, CONTENT_LIMITS.rows, 'rows in all');
  for (const [at, section] of content.sections.entries()) {
    if (content.sections.length > 1 || section.title !== undefined)
      yield* text(`sections[${at}].title`, section.title ?? '', CONTENT_LIMITS.sectionTitle);
    for (const [index, row] of section.rows.entries()) {
      const path = `sections[${at}].rows[${index}]`;
      yield* text(`${path}.id`, row.id, CONTENT_LIMITS.rowId);
      yield* text(`${path}.title`, row.title, CONTENT_LIMITS.rowTitle);
      yield* optionalText(`${path}.description`, row.description, CONTENT_LIMITS.rowDescription);
    }
  }
  yield* different(
    'sections',
    'row ids',
    rows.map(({ id }) => id),
  );
}

function* template(content: TemplateContent): Faults {
  if (!/^[a-z0-9_]+$/.test(content.name))
    yield { path: 'name', message: 'is lower-case letters, digits and underscores' };
  else yield* text('name', content.name, CONTENT_LIMITS.templateName);
  if (!/^[a-z]{2,3}(_[A-Z]{2,4})?$/.test(content.language))
    yield { path: 'language', message: 'is a language code as Meta writes it, e.g. en or en_US' };
  if (content.header) {
    if ('kind' in content.header) yield* reference('header', content.header);
    else yield* variables('header', content.header, CONTENT_LIMITS.templateHeader);
  }
  if (content.body) yield* variables('body', content.body, CONTENT_LIMITS.templateVariable);
  for (const [at, { index, kind, value }] of (content.buttons ?? []).entries()) {
    if (!Number.isInteger(index) || index < 0 || index >= CONTENT_LIMITS.templateButtons)
      yield {
        path: `buttons[${at}].index`,
        message: 'is the position of the button, from 0',
        limit: CONTENT_LIMITS.templateButtons - 1,
      };
    yield* text(`buttons[${at}].value`, value, CONTENT_LIMITS.templateButtonValue[kind]);
  }
  yield* different(
    'buttons',
    'positions',
    (content.buttons ?? []).map(({ index }) => String(index)),
  );
}

/** A variable is never blank (C19), and holds no line breaks, tabs or runs of spaces: Meta refuses those (132018). */
function* variables(path: string, given: TemplateVariables, limit: number): Faults {
  const entries =
    'named' in given
      ? Object.entries(given.named)
      : given.positional.map((value, index) => [String(index + 1), value] as const);
  for (const [name, value] of entries) {
    if (!/^[a-z0-9_]+$/.test(name)) yield { path: `${path}.${name}`, message: 'is not a name of a variable' };
    yield* text(`${path}.${name}`, value, limit);
    if (typeof value === 'string' && /[\n\r\t]| {5}/.test(value))
      yield { path: `${path}.${name}`, message: 'must not hold line breaks, tabs or more than four spaces in a row' };
  }
}

function* media(content: MediaContent): Faults {
  if (content.media.kind !== content.type) yield { path: 'media.kind', message: `must be ${content.type}` };
  yield* reference('media', content.media);
  if (content.caption !== undefined && (content.type === 'audio' || content.type === 'sticker'))
    yield { path: 'caption', message: `is not shown with ${content.type}` };
  yield* optionalText('caption', content.caption, CONTENT_LIMITS.caption);
  if (content.filename !== undefined && content.type !== 'document')
    yield { path: 'filename', message: 'belongs to documents only' };
  yield* optionalText('filename', content.filename, CONTENT_LIMITS.filename);
}

function* reference(path: string, given: MediaReference): Faults {
  if ('mediaId' in given) return yield* text(`${path}.mediaId`, given.mediaId, CONTENT_LIMITS.mediaId);
  if ('id' in given) return yield* text(`${path}.id`, given.id, CONTENT_LIMITS.mediaId);
  yield* text(`${path}.link`, given.link, CONTENT_LIMITS.link);
  if (!URL.canParse(given.link) || !/^https?:$/.test(new URL(given.link).protocol))
    yield { path: `${path}.link`, message: 'must be an http(s) address' };
}

function* location({ latitude, longitude, name, address }: LocationContent): Faults {
  yield* degrees('latitude', latitude, 90);
  yield* degrees('longitude', longitude, 180);
  yield* optionalText('name', name, CONTENT_LIMITS.place);
  yield* optionalText('address', address, CONTENT_LIMITS.place);
}

function* contacts(content: ContactsContent): Faults {
  yield* count('contacts', content.contacts.length, 1, CONTENT_LIMITS.contacts);
  for (const [at, card] of content.contacts.entries()) {
    const path = `contacts[${at}]`;
    yield* text(`${path}.name.formatted`, card.name.formatted, CONTENT_LIMITS.contactField);
    yield* optionalText(`${path}.name.first`, card.name.first, CONTENT_LIMITS.contactField);
    yield* optionalText(`${path}.name.last`, card.name.last, CONTENT_LIMITS.contactField);
    yield* optionalText(`${path}.organization`, card.organization, CONTENT_LIMITS.contactField);
    for (const [index, { phone, label }] of (card.phones ?? []).entries()) {
      yield* text(`${path}.phones[${index}].phone`, phone, CONTENT_LIMITS.contactField);
      yield* optionalText(`${path}.phones[${index}].label`, label, CONTENT_LIMITS.contactField);
    }
    for (const [index, { email, label }] of (card.emails ?? []).entries()) {
      yield* text(`${path}.emails[${index}].email`, email, CONTENT_LIMITS.contactField);
      yield* optionalText(`${path}.emails[${index}].label`, label, CONTENT_LIMITS.contactField);
    }
  }
}

function* reaction({ toWamid, emoji }: ReactionContent): Faults {
  yield* text('toWamid', toWamid, CONTENT_LIMITS.wamid);
  if (emoji !== '' && !isOneEmoji(emoji))
    yield { path: 'emoji', message: 'is one emoji, or empty to take the reaction back' };
}

/** One picture on the screen may be many code points (a family, a flag); digits and letters are none. */
function isOneEmoji(emoji: string): boolean {
  return (
    [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(emoji)].length === 1 &&
    /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(emoji)
  );
}

function* degrees(path: string, value: number, bound: number): Faults {
  if (!Number.isFinite(value) || Math.abs(value) > bound)
    yield { path, message: `must lie between -${bound} and ${bound}`, limit: bound };
}

function* text(path: string, value: string, limit: number): Faults {
  if (typeof value !== 'string' || value.trim() === '') yield { path, message: 'must not be empty' };
  else if (value.length > limit && lengthOf(value) > limit)
    yield { path, message: `has more than ${limit} characters`, limit };
  // PostgreSQL stores neither in jsonb, and no phone shows them.
  else if (value.includes('\0') || !value.isWellFormed()) yield { path, message: 'holds a NUL or half of a character' };
}

function* optionalText(path: string, value: string | undefined, limit: number): Faults {
  if (value !== undefined) yield* text(path, value, limit);
}

function* count(path: string, given: number, least: number, most: number, what = ''): Faults {
  if (given < least || given > most)
    yield { path, message: `must hold ${least} to ${most}${what && ` ${what}`}`, limit: most };
}

function* different(path: string, what: string, values: readonly string[]): Faults {
  if (new Set(values).size !== values.length) yield { path, message: `must have different ${what}` };
}

/** In code points, so that an emoji of one code point counts as one character. */
function lengthOf(value: string): number {
  let length = 0;
  for (const character of value) length += character.length > 0 ? 1 : 0;
  return length;
}
