import { Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DomainError } from '../../kernel/domain-error.js';

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

/** Other bytes came than were announced; nothing of them is kept. */
export class WrongDigest extends Error {
  constructor() {
    super('The bytes are not those that were announced');
  }
}

/** The disk is full or broken, or the bucket does not answer: nothing was kept, and the same may succeed later. */
export class MediaStoreUnavailable extends DomainError {
  readonly code = 'MEDIA_STORE_UNAVAILABLE';
  readonly kind = 'unavailable';
  readonly retryAfterMs = 5000;

  constructor() {
    super('Files cannot be kept or read at the moment. Nothing was done; try again.');
  }
}

const logger = new Logger('MediaStore');

/** Tells whoever runs this what is wrong; callers learn nothing of it. */
export function unavailable(cause: unknown): MediaStoreUnavailable {
  logger.error(cause instanceof Error ? cause.message : String(cause));
  return new MediaStoreUnavailable();
}

/** Bytes of a file, both ends included, as in a Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  readonly maxBytes: number;
  readonly mimeType: string;
  /** What the bytes must be; left out: whatever comes. */
  readonly sha256?: Uint8Array | undefined;
}

/**
 * Where files are kept for good (C57, C64): a folder of the data directory, or a bucket that speaks S3. Keys are ours
 * (`mediaKey`); what stands behind one is never public: people reach it by an authorised route or a signed link.
 */
export abstract class MediaStore {
  /**
   * Keeps what the stream brings under the key, in whole or not at all: a process that dies leaves nothing that `get` finds.
   * The same key again replaces. @throws FileTooLarge beyond `maxBytes`, WrongDigest, MediaStoreUnavailable; what stood there stands then
   */
  abstract put(key: string, bytes: Readable, options: PutOptions): Promise<StoredFile>;
  /**
   * @returns undefined when nothing stands behind the key; `size` is the whole file's, whatever range is asked for
   * @throws MediaStoreUnavailable
   */
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
