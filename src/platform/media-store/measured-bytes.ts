import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { FileTooLarge, type StoredFile } from './media-store.js';

/** Passes bytes on, counts and digests them, and breaks off beyond the limit. */
export class MeasuredBytes extends Transform {
  readonly #hash = createHash('sha256');
  #size = 0;
  #sha256: Buffer | undefined;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size > this.maxBytes) return done(new FileTooLarge(this.maxBytes));
    this.#hash.update(chunk);
    done(null, chunk);
  }

  /** Once the stream has ended. */
  get result(): StoredFile {
    return { size: this.#size, sha256: (this.#sha256 ??= this.#hash.digest()) };
  }
}
