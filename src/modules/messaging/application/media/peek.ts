import { Readable } from 'node:stream';

/** The beginning of a stream, and the whole of it to read on. */
export async function peek(
  source: Readable,
  size: number,
): Promise<{ readonly head: Buffer; readonly bytes: Readable }> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const read: Buffer[] = [];
  for (let length = 0; length < size;) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    length += next.value.length;
  }
  const begun = Buffer.concat(read);
  return { head: begun.subarray(0, size), bytes: Readable.from(whole(begun, chunks, source), { objectMode: false }) };
}

async function* whole(
  begun: Buffer,
  rest: AsyncIterator<Buffer>,
  source: Readable,
): AsyncGenerator<Buffer, void, void> {
  try {
    if (begun.length > 0) yield begun;
    for (;;) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    source.destroy();
  }
}
