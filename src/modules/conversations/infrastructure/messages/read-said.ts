import { InvalidRequest } from '../../../../platform/http/problem.js';
import { type MediaContent, readReference, readTemplate } from '../../../messaging/index.js';
import type { Said } from '../../application/messages/send-in-conversation.js';
import type { SayDto } from './said.dto.js';

/** Members in which something is said, with the types that use them. */
const MEMBERS = ['text', 'media', 'template', 'interactive', 'location', 'contacts', 'reaction'] as const;
type Member = (typeof MEMBERS)[number];

/** What a request says; a member that does not belong to its type is refused, not ignored. @throws InvalidRequest */
export function readSaid(body: SayDto): Said {
  const { type } = body;
  const member = memberOf(type);
  for (const other of MEMBERS)
    if (other !== member && body[other] !== undefined)
      throw refusal(other, `does not belong to a message of type ${type}`);
  if (body.caption !== undefined && member !== 'media') throw refusal('caption', 'belongs to media');
  if (body.filename !== undefined && type !== 'document') throw refusal('filename', 'belongs to documents');
  switch (type) {
    case 'text':
      return { type, body: given(body, 'text'), ...(body.previewUrl !== undefined && { previewUrl: body.previewUrl }) };
    case 'template':
      return readTemplate(given(body, 'template'), 'template');
    case 'interactive':
      return readInteractive(given(body, 'interactive'));
    case 'location': {
      const { latitude, longitude, name, address } = given(body, 'location');
      return {
        type,
        latitude,
        longitude,
        ...(name !== undefined && { name }),
        ...(address !== undefined && { address }),
      };
    }
    case 'contacts':
      return { type, contacts: JSON.parse(JSON.stringify(given(body, 'contacts'))) as Contacts };
    case 'reaction': {
      const { messageId, emoji } = given(body, 'reaction');
      return { type, messageId, emoji };
    }
    default:
      return readMedia(type, body);
  }
}

type Contacts = Extract<Said, { type: 'contacts' }>['contacts'];

function readMedia(type: MediaContent['type'], body: SayDto): MediaContent {
  const media = readReference(type, { ...given(body, 'media') });
  if (!media) throw refusal('media', 'must hold one of mediaId, id and link');
  const { caption, filename } = body;
  return { type, media, ...(caption !== undefined && { caption }), ...(filename !== undefined && { filename }) };
}

function readInteractive({
  header,
  body,
  footer,
  buttons,
  button,
  sections,
}: NonNullable<SayDto['interactive']>): Said {
  const frame = { ...(header !== undefined && { header }), body, ...(footer !== undefined && { footer }) };
  if (buttons !== undefined && sections === undefined && button === undefined)
    return { type: 'buttons', ...frame, buttons: buttons.map(({ id, title }) => ({ id, title })) };
  if (buttons !== undefined || sections === undefined || button === undefined)
    throw refusal('interactive', 'must hold buttons, or a button with sections');
  return {
    type: 'list',
    ...frame,
    button,
    sections: sections.map(({ title, rows }) => ({
      ...(title !== undefined && { title }),
      rows: rows.map(({ id, title: name, description }) => ({
        id,
        title: name,
        ...(description !== undefined && { description }),
      })),
    })),
  };
}

function memberOf(type: SayDto['type']): Member {
  return MEMBERS.find((member) => member === type) ?? 'media';
}

function given<Key extends Member>(body: SayDto, member: Key): NonNullable<SayDto[Key]> {
  const value = body[member];
  if (value === undefined) throw refusal(member, `is what a message of type ${body.type} says`);
  return value;
}

function refusal(path: string, message: string): InvalidRequest {
  return new InvalidRequest([{ path, message }]);
}
