import { AwsV4Signer } from 'aws4fetch';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FileMediaStore } from '../../src/platform/media-store/file-media-store.js';
import {
  FileTooLarge,
  mediaKey,
  type MediaStore,
  MediaStoreUnavailable,
  WrongDigest,
} from '../../src/platform/media-store/media-store.js';
import { S3MediaStore } from '../../src/platform/media-store/s3-media-store.js';
import { TemporaryFiles } from '../../src/platform/media-store/temporary-files.js';

const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-of-the-bucket', region: 'eu-central-1' };

/** A bucket that takes nothing whose signature or digest is wrong. */
class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly refused: string[] = [];
  /** What the next requests are answered with; `break` hangs up after the first bytes. */
  readonly faults: ({ status: number; code: string } | 'break')[] = [];
  /** Requests that came. */
  asked = 0;
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
    this.asked++;
    const fault = this.faults.shift();
    if (fault === 'break') {
      request.once('data', () => request.destroy());
      await once(request, 'close');
    }
    const body = await buffer(request);
    if (fault && fault !== 'break')
      return { status: fault.status, body: Buffer.from(`<Error><Code>${fault.code}</Code></Error>`) };
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

async function leftBehind(): Promise<string[]> {
  const folders = [join(folder, 'incoming'), join(folder, 'media', '.incoming')];
  return (await Promise.all(folders.map((path) => readdir(path).catch(() => [])))).flat();
}

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
    expect(await leftBehind()).toEqual([]);
  });

  it('keeps what stood there when other bytes come than were announced', async () => {
    const key = newKey();
    const [right, wrong] = [randomBytes(10), randomBytes(10)];
    const announced = { ...limits, sha256: Buffer.from(sha256(right), 'hex') };
    await expect(store().put(key, Readable.from([wrong]), announced)).rejects.toThrow(WrongDigest);
    expect(await store().get(key)).toBeUndefined();
    await store().put(key, Readable.from([right]), announced);
    await expect(store().put(key, Readable.from([wrong]), announced)).rejects.toThrow(WrongDigest);
    expect(await buffer((await store().get(key))!.bytes)).toEqual(right);
    expect(await leftBehind()).toEqual([]);
  });

  it('knows no key that leads out of it', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    for (const key of ['../secret', '..', 'a/../../secret', '/etc/passwd', 'a', 'a/b/c', 'a/b?x', 'a\\..\\b'])
      await expect(store().get(key)).rejects.toThrow('no key');
  });
});

describe('A folder that cannot be written (F41)', () => {
  it('says so, keeps nothing, and takes files when it can again', async () => {
    const broken = join(folder, 'broken');
    const store = new FileMediaStore(broken);
    const key = mediaKey('tenant', 'file');
    const put = () => store.put(key, Readable.from([Buffer.from('x')]), { maxBytes: 1, mimeType: 'text/plain' });
    // Nobody can write below a file, whoever he is.
    await writeFile(broken, '');
    await expect(put()).rejects.toMatchObject({ code: 'MEDIA_STORE_UNAVAILABLE', kind: 'unavailable' });
    await rm(broken);
    await mkdir(broken);
    await writeFile(join(broken, 'tenant'), '');
    await expect(put()).rejects.toThrow(MediaStoreUnavailable);
    expect(await readdir(join(broken, '.incoming'))).toEqual([]);
    await rm(join(broken, 'tenant'));
    expect(await put()).toMatchObject({ size: 1 });
  });

  it('forgets what dead processes were writing, and nothing that is being written', async () => {
    const left = join(folder, 'left');
    const temporary = new TemporaryFiles(left);
    const { path } = await temporary.write(Readable.from([Buffer.from('x')]), 1);
    const old = temporary.newPath();
    await writeFile(old, 'half of a film');
    const now = performance.timeOrigin + performance.now();
    await utimes(old, now / 1000, (now - 2 * 3_600_000 - 1000) / 1000);
    await temporary.clear(now);
    expect((await readdir(left)).map((name) => join(left, name))).toEqual([path]);
  });
});

describe('A bucket that is in trouble (F41)', () => {
  const put = (bytes: Buffer): Promise<unknown> =>
    stores.get('bucket')!.put(KEY, Readable.from([bytes], { objectMode: false }), {
      maxBytes: bytes.length,
      mimeType: 'video/mp4',
    });
  const KEY = mediaKey('tenant', 'trouble');
  const slow = { status: 503, code: 'SlowDown' };
  beforeEach(async () => {
    await stores.get('bucket')!.remove(KEY);
    bucket.asked = 0;
  });
  afterEach(() => (bucket.faults.length = 0));

  it('is asked three times, each time with the whole file', async () => {
    bucket.faults.push(slow, { status: 500, code: 'InternalError' });
    const bytes = randomBytes(6 * 1024 * 1024);
    await put(bytes);
    expect(bucket.asked).toBe(3);
    expect(bytes.equals(await buffer((await stores.get('bucket')!.get(KEY))!.bytes))).toBe(true);
  });

  it('may hang up in the middle of a file', async () => {
    bucket.faults.push('break');
    const bytes = randomBytes(6 * 1024 * 1024);
    await put(bytes);
    expect(bytes.equals(await buffer((await stores.get('bucket')!.get(KEY))!.bytes))).toBe(true);
  });

  it.each([
    ['is full or slow', slow],
    ['breaks off', 'break'],
  ] as const)('keeps nothing of a file when it %s for good, and neither does this machine', async (_, fault) => {
    bucket.faults.push(fault, fault, fault);
    await expect(put(randomBytes(6 * 1024 * 1024))).rejects.toMatchObject({ code: 'MEDIA_STORE_UNAVAILABLE' });
    expect(bucket.asked).toBe(3);
    expect(await stores.get('bucket')!.get(KEY)).toBeUndefined();
    expect(await leftBehind()).toEqual([]);
  });

  it('tells reading and removing, too', async () => {
    bucket.faults.push(slow, slow, slow, slow, slow, slow);
    await expect(stores.get('bucket')!.get(KEY)).rejects.toThrow(MediaStoreUnavailable);
    await expect(stores.get('bucket')!.remove(KEY)).rejects.toThrow(MediaStoreUnavailable);
  });

  it('is not asked again what it refuses', async () => {
    bucket.faults.push({ status: 400, code: 'EntityTooLarge' });
    await expect(put(Buffer.from('x'))).rejects.toThrow('The bucket answered PUT with 400 EntityTooLarge');
    expect(bucket.asked).toBe(1);
  });
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
