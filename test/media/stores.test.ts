import { AwsV4Signer } from 'aws4fetch';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FileMediaStore } from '../../src/platform/media-store/file-media-store.js';
import { FileTooLarge, mediaKey, type MediaStore } from '../../src/platform/media-store/media-store.js';
import { S3MediaStore } from '../../src/platform/media-store/s3-media-store.js';
import { TemporaryFiles } from '../../src/platform/media-store/temporary-files.js';

const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-of-the-bucket', region: 'eu-central-1' };

/** A bucket that takes nothing whose signature or digest is wrong. */
class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly refused: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status: number; headers?: Record<string, string>; body?: Buffer }> {
    const body = await buffer(request);
    if (!(await this.#isSigned(request)) || request.headers['x-amz-content-sha256'] !== sha256(body)) {
      this.refused.push(request.url ?? '');
      return { status: 403, body: Buffer.from('<Error><Code>SignatureDoesNotMatch</Code></Error>') };
    }
    const key = request.url ?? '';
    const known = this.objects.get(key);
    if (request.method === 'PUT') this.objects.set(key, body);
    if (request.method === 'DELETE') this.objects.delete(key);
    if (request.method !== 'GET') return { status: request.method === 'PUT' ? 200 : 204 };
    if (!known) return { status: 404, body: Buffer.from('<Error><Code>NoSuchKey</Code></Error>') };
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    if (!range) return { status: 200, headers: { 'content-length': String(known.length) }, body: known };
    const part = known.subarray(Number(range[1]), Number(range[2]) + 1);
    return {
      status: 206,
      headers: {
        'content-range': `bytes ${range[1]}-${range[2]}/${known.length}`,
        'content-length': String(part.length),
      },
      body: part,
    };
  }

  async #isSigned(request: IncomingMessage): Promise<boolean> {
    const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1]?.split(';') ?? [];
    const headers = Object.fromEntries(
      names.filter((name) => name !== 'host').map((name) => [name, String(request.headers[name])]),
    );
    const signed = await new AwsV4Signer({
      ...CREDENTIALS,
      service: 's3',
      method: request.method ?? '',
      url: `http://${request.headers.host}${request.url}`,
      headers,
      datetime: String(request.headers['x-amz-date']),
    }).sign();
    return signed.headers.get('authorization') === request.headers.authorization;
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** So many bytes that were never all in memory. */
function generated(size: number): Readable {
  const chunk = randomBytes(1024 * 1024);
  return Readable.from(
    (function* () {
      for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
    })(),
    { objectMode: false },
  );
}

const bucket = new Bucket();
let folder: string;
const stores = new Map<string, MediaStore>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nodue-media-'));
  const endpoint = await bucket.start();
  const temporary = new TemporaryFiles(join(folder, 'incoming'));
  stores.set('folder', new FileMediaStore(join(folder, 'media')));
  stores.set('bucket', new S3MediaStore({ ...CREDENTIALS, endpoint, bucket: 'files' }, temporary));
});
afterAll(async () => {
  await (stores.get('bucket') as S3MediaStore).close();
  await bucket.stop();
  await rm(folder, { recursive: true });
});

describe.each(['folder', 'bucket'])('A %s keeps files for good (S1.97, C57, C64)', (name) => {
  const store = (): MediaStore => stores.get(name)!;
  const newKey = (): string => mediaKey(randomUUID(), randomUUID());
  const limits = { maxBytes: 1000, mimeType: 'image/png' };

  it('gives back what it was given, with size and digest', async () => {
    const key = newKey();
    const bytes = randomBytes(999);
    expect(await store().put(key, Readable.from([bytes]), limits)).toEqual({
      size: 999,
      sha256: Buffer.from(sha256(bytes), 'hex'),
    });
    const found = await store().get(key);
    expect(found?.size).toBe(999);
    expect(await buffer(found!.bytes)).toEqual(bytes);
  });

  it('gives a range of a file and its whole size', async () => {
    const key = newKey();
    await store().put(key, Readable.from([Buffer.from('0123456789')]), limits);
    const found = await store().get(key, { start: 2, end: 4 });
    expect({ size: found?.size, text: String(await buffer(found!.bytes)) }).toEqual({ size: 10, text: '234' });
  });

  it('replaces under the same key, and removes', async () => {
    const key = newKey();
    for (const text of ['old', 'new']) await store().put(key, Readable.from([Buffer.from(text)]), limits);
    expect(String(await buffer((await store().get(key))!.bytes))).toBe('new');
    await store().remove(key);
    await store().remove(key);
    expect(await store().get(key)).toBeUndefined();
  });

  it('keeps nothing of a file that is too large, or whose stream breaks', async () => {
    const key = newKey();
    await expect(store().put(key, generated(1001), limits)).rejects.toThrow(FileTooLarge);
    const broken = new Readable({
      read() {
        this.push('some');
        this.destroy(new Error('The line broke'));
      },
    });
    await expect(store().put(key, broken, limits)).rejects.toThrow('The line broke');
    expect(await store().get(key)).toBeUndefined();
    const left = await Promise.all(
      [join(folder, 'incoming'), join(folder, 'media', '.incoming')].map((path) => readdir(path).catch(() => [])),
    );
    expect(left.flat()).toEqual([]);
  });

  it('knows no key that leads out of it', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    for (const key of ['../secret', '..', 'a/../../secret', '/etc/passwd', 'a', 'a/b/c', 'a/b?x', 'a\\..\\b'])
      await expect(store().get(key)).rejects.toThrow('no key');
  });
});

it('100 MB go into the folder in little memory (S1.5)', async () => {
  const size = 100 * 1024 * 1024;
  const store = stores.get('folder')!;
  const key = mediaKey('tenant', 'large');
  // What the machinery itself takes when it first runs is not the file's.
  await store.put(key, generated(size / 10), { maxBytes: size, mimeType: 'video/mp4' });
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  expect((await store.put(key, generated(size), { maxBytes: size, mimeType: 'video/mp4' })).size).toBe(size);
  let read = 0;
  for await (const chunk of (await store.get(key))!.bytes) read += (chunk as Buffer).length;
  clearInterval(watch);
  expect(read).toBe(size);
  expect((peak - before) / 1024 / 1024).toBeLessThan(60);
});

it('A bucket refuses a wrong secret, and its words are told without it', async () => {
  const url = new URL(endpointOf(stores.get('bucket') as S3MediaStore));
  const wrong = new S3MediaStore(
    { ...CREDENTIALS, secretAccessKey: 'another', endpoint: url.origin, bucket: 'files' },
    new TemporaryFiles(join(folder, 'incoming')),
  );
  await expect(
    wrong.put(mediaKey('a', 'b'), Readable.from([Buffer.from('x')]), { maxBytes: 1, mimeType: 'text/plain' }),
  ).rejects.toThrow('The bucket answered PUT with 403 SignatureDoesNotMatch');
  await wrong.close();
});

function endpointOf(store: S3MediaStore): string {
  return (store as unknown as { place: { endpoint: string } }).place.endpoint;
}
