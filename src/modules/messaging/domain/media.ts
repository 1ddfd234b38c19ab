import type { MediaKind } from './message-content.js';

/** What a file is in a conversation; `voice` is audio that was spoken into the phone. */
export type FileKind = MediaKind | 'voice';

/** `pending`: not here yet; `failed`: given up, and can be tried again. */
export type MediaState = 'pending' | 'stored' | 'failed';

/**
 * Why a file is not here:
 * - `LINK_EXPIRED`: the provider's link was over before it was used (F10).
 * - `HASH_MISMATCH`: the bytes are not those that were announced.
 * - `TOO_LARGE`: more bytes than WhatsApp allows for the kind.
 * - `GONE`: the provider has it no more.
 * - `REFUSED`: the provider says no.
 * - `HOST_REFUSED`, `REDIRECTED`: the link leads to where the token may not go.
 * - `CREDENTIAL`: the account's token is refused or gone; it waits until the account is connected again.
 * - `PROVIDER_ERROR`, `DEADLINE`, `NETWORK`: the provider or the way to it.
 * - `STORE`: our own store could not keep it.
 */
export type MediaFaultCode =
  | 'LINK_EXPIRED'
  | 'HASH_MISMATCH'
  | 'TOO_LARGE'
  | 'GONE'
  | 'REFUSED'
  | 'HOST_REFUSED'
  | 'REDIRECTED'
  | 'CREDENTIAL'
  | 'PROVIDER_ERROR'
  | 'DEADLINE'
  | 'NETWORK'
  | 'STORE';

export interface MediaFault {
  readonly code: MediaFaultCode;
  /** For people; no secrets. */
  readonly detail: string;
}

/** The fault that the last try ended with, and how many tries in a row did. */
export interface MediaFailure extends MediaFault {
  readonly times: number;
}

/** A file that could not be fetched this time. */
export interface TriedMedia {
  readonly tries: number;
  readonly failure: MediaFailure | undefined;
  /** When its message came. */
  readonly since: Date;
}

export type AfterFault =
  | { readonly state: 'pending'; readonly failure: MediaFailure; readonly tries: number; readonly nextAt: Date }
  | { readonly state: 'failed'; readonly failure: MediaFailure; readonly tries: number };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Waits after the first, second ... try; then a day each. */
export const MEDIA_WAITS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  6 * HOUR,
  24 * HOUR,
];
/** The provider keeps what customers sent for about so long (F10). */
export const MEDIA_KEPT_MS = 30 * DAY;
/** A refused token rings when it is replaced; this is for a ring that met no ear. */
const CREDENTIAL_LOOK_MS = 6 * HOUR;

/** Faults that another try hardly cures: so many in a row, and it is given up. */
const PATIENCE: Partial<Record<MediaFaultCode, number>> = {
  TOO_LARGE: 1,
  HASH_MISMATCH: 3,
  GONE: 3,
  REFUSED: 3,
  HOST_REFUSED: 3,
  REDIRECTED: 3,
};

/** What becomes of a file after a try that failed (S1.5, F10): nothing is lost without a word. */
export function afterFault({ tries, failure, since }: TriedMedia, fault: MediaFault, now: Date): AfterFault {
  const told = { ...fault, times: failure?.code === fault.code ? failure.times + 1 : 1 };
  if (fault.code === 'CREDENTIAL' && now.getTime() - since.getTime() < MEDIA_KEPT_MS)
    return { state: 'pending', failure: told, tries, nextAt: new Date(now.getTime() + CREDENTIAL_LOOK_MS) };
  const nextAt = new Date(now.getTime() + (MEDIA_WAITS[tries] ?? DAY));
  const isOver = told.times >= (PATIENCE[fault.code] ?? Infinity) || nextAt.getTime() - since.getTime() > MEDIA_KEPT_MS;
  return isOver
    ? { state: 'failed', failure: told, tries: tries + 1 }
    : { state: 'pending', failure: told, tries: tries + 1, nextAt };
}

/** The digest that Meta announces, in base64 (webhooks) or hex (media node); undefined when it is neither. */
export function readSha256(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16))
    : /^[A-Za-z0-9+/]{43}=$/.test(text)
      ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
      : undefined;
  return bytes;
}
