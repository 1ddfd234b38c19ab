import type { FileKind } from './media.js';

const KB = 1024;
const MB = 1024 * KB;

/** Bytes that WhatsApp takes at most of a kind, whatever its type (Meta, "Supported media types"). */
export const LARGEST: Readonly<Record<FileKind, number>> = {
  image: 5 * MB,
  sticker: 500 * KB,
  audio: 16 * MB,
  voice: 16 * MB,
  video: 16 * MB,
  document: 100 * MB,
};
/** A sticker that does not move. */
export const LARGEST_STILL_STICKER = 100 * KB;
/** Of a customer's file, whatever its kind: limits of what is sent are no reason to lose what came. */
export const LARGEST_FETCHED = 100 * MB;

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** Types that WhatsApp takes, by kind. Source: Meta, "Supported media types" (S1.45). */
export const TYPES_OF_KIND: Readonly<Record<Exclude<FileKind, 'voice'>, readonly string[]>> = {
  image: ['image/jpeg', 'image/png'],
  sticker: ['image/webp'],
  audio: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
  video: ['video/mp4', 'video/3gpp'],
  document: [
    'application/pdf',
    'application/msword',
    'application/vnd.ms-excel',
    'application/vnd.ms-powerpoint',
    `${OFFICE}.wordprocessingml.document`,
    `${OFFICE}.spreadsheetml.sheet`,
    `${OFFICE}.presentationml.presentation`,
    'text/plain',
    'text/csv',
  ],
};

/** Pictures that come in and leave as another type: WhatsApp takes no GIF, and WebP as a sticker only. */
export const TURNED_INTO_PNG: readonly string[] = ['image/gif', 'image/webp'];

/** What a file is when nobody says: by its type. Undefined: WhatsApp does not take it. */
export function kindOfType(mimeType: string): Exclude<FileKind, 'voice'> | undefined {
  if (mimeType === 'image/gif') return 'image';
  return (['image', 'sticker', 'audio', 'video', 'document'] as const).find((kind) =>
    TYPES_OF_KIND[kind].includes(mimeType),
  );
}

/** Whether an upload of this type can become that kind: pictures are drawn anew. Anything that WhatsApp takes may be a document. */
export function fits(mimeType: string, kind: FileKind): boolean {
  const own = kindOfType(mimeType);
  if (own === undefined) return false;
  if (kind === 'document') return true;
  if (kind === 'image') return own === 'image' || mimeType === 'image/webp';
  return own === (kind === 'voice' ? 'audio' : kind);
}

/** Whether a file may be sent as that kind as it is. */
export function isSendableAs(mimeType: string, kind: FileKind): boolean {
  return kind === 'document'
    ? fits(mimeType, kind)
    : TYPES_OF_KIND[kind === 'voice' ? 'audio' : kind].includes(mimeType);
}

/**
 * Types that a browser may show in place (C57): it cannot be made to run them. Everything else, SVG, HTML and PDF first of all, is a
 * download, whatever it was declared to be.
 */
export function isShownInline(mimeType: string): boolean {
  return (
    ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(mimeType) ||
    TYPES_OF_KIND.audio.includes(mimeType) ||
    TYPES_OF_KIND.video.includes(mimeType)
  );
}
