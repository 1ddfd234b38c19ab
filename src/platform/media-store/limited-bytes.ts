import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { FetchCutShort } from './safe-fetch.js';

/** A stranger's stream within bounds: whatever breaks it, it ends with `FetchCutShort` and lets go of the line. */
export class LimitedBytes extends Transform {
  #size = 0;

  private constructor(private readonly maxBytes: number) {
    super();
  }

  static of(source: Readable, maxBytes: number, over: AbortSignal): LimitedBytes {
    const limited = new LimitedBytes(maxBytes);
    source.on('error', (error) => limited.destroy(cutShort(error, over)));
    source.on('close', () => {
      if (!source.readableEnded) limited.destroy(new FetchCutShort('NETWORK'));
    });
    limited.on('close', () => source.destroy());
    return source.pipe(limited);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size > this.maxBytes) done(new FetchCutShort('TOO_LARGE'));
    else done(null, chunk);
  }
}

/** What ended it, in the words of the port. */
export function cutShort(error: unknown, over: AbortSignal): FetchCutShort {
  if (error instanceof FetchCutShort) return error;
  const { code } = error as { code?: unknown };
  const isLate = over.aborted || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return new FetchCutShort(isLate ? 'DEADLINE' : 'NETWORK');
}
