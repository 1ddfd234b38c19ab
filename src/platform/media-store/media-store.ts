import type { Readable } from 'node:stream';

export interface StoredFile {
  readonly size: number;
  readonly sha256: Buffer;
}

/** More bytes came than the caller allowed; nothing of them is kept. */
export class FileTooLarge extends Error {
  constructor(readonly limit: number) {
    super(`More than ${limit} bytes came`);
  }
}

/** Bytes of a file, both ends included, as in a Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where files are kept for good (C57, C64): a folder of the data directory, or a bucket that speaks S3. Keys are ours
 * (`mediaKey`); what stands behind one is never public: people reach it by an authorised route or a signed link.
 */
export abstract class MediaStore {
  /**
   * Keeps what the stream brings under the key, in whole or not at all: a process that dies leaves nothing that `get` finds.
   * The same key again replaces. @throws FileTooLarge beyond `maxBytes`
   */
  abstract put(
    key: string,
    bytes: Readable,
    options: { readonly maxBytes: number; readonly mimeType: string },
  ): Promise<StoredFile>;
  /** @returns undefined when nothing stands behind the key; `size` is the whole file's, whatever range is asked for */
  abstract get(
    key: string,
    range?: ByteRange,
  ): Promise<{ readonly bytes: Readable; readonly size: number } | undefined>;
  /** Removing what is not there is fine. */
  abstract remove(key: string): Promise<void>;
}

/** A tenant's files stand together, and nothing in a key was chosen by a stranger. */
export function mediaKey(tenantId: string, mediaId: string): string {
  return `${tenantId}/${mediaId}`;
}

const KEY = /^[\w-]+\/[\w-]+$/;

/** @throws Error for a key that is none of `mediaKey`'s, for example one that leads out of the store */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error('This is no key of the media store');
  return key;
}
