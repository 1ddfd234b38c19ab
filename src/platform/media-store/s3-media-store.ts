import { AwsV4Signer } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { type ByteRange, checkKey, MediaStore, type StoredFile } from './media-store.js';
import type { TemporaryFiles } from './temporary-files.js';

export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The bucket refused, or did not answer as S3 does. */
export class S3Refused extends Error {
  constructor(method: string, status: number, code: string | undefined) {
    super(`The bucket answered ${method} with ${status}${code === undefined ? '' : ` ${code}`}`);
  }
}

/** S3 wants the digest before the bytes; an empty body's is this. */
const NOTHING_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const CONNECT_MS = 5_000;
const SILENCE_MS = 30_000;

/**
 * A bucket that speaks S3, path style. Files go through a temporary file, so that length and digest stand in the signed request: a single
 * PUT, in whole or not at all, of any length up to S3's 5 GB, and never in memory.
 */
export class S3MediaStore extends MediaStore {
  readonly #base: string;
  readonly #agent = new Agent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });

  constructor(
    private readonly place: S3Place,
    private readonly temporary: TemporaryFiles,
  ) {
    super();
    this.#base = `${place.endpoint.replace(/\/$/, '')}/${place.bucket}/`;
  }

  async put(
    key: string,
    bytes: Readable,
    { maxBytes, mimeType }: { readonly maxBytes: number; readonly mimeType: string },
  ): Promise<StoredFile> {
    checkKey(key);
    const { path, size, sha256 } = await this.temporary.write(bytes, maxBytes);
    try {
      const headers = { 'content-type': mimeType, 'content-length': String(size) };
      await this.#done('PUT', await this.#ask('PUT', key, sha256.toString('hex'), headers, createReadStream(path)));
    } finally {
      await rm(path, { force: true });
    }
    return { size, sha256 };
  }

  async get(key: string, range?: ByteRange): ReturnType<MediaStore['get']> {
    const headers = range && { range: `bytes=${range.start}-${range.end}` };
    const answer = await this.#ask('GET', checkKey(key), NOTHING_SHA256, headers);
    if (answer.statusCode === 404) {
      await answer.body.dump();
      return undefined;
    }
    if (answer.statusCode !== 200 && answer.statusCode !== 206) return this.#refuse('GET', answer);
    const whole = /\/(\d+)$/.exec(headerOf(answer, 'content-range') ?? '')?.[1] ?? headerOf(answer, 'content-length');
    return { bytes: answer.body, size: Number(whole) };
  }

  async remove(key: string): Promise<void> {
    const answer = await this.#ask('DELETE', checkKey(key), NOTHING_SHA256);
    if (answer.statusCode !== 404) await this.#done('DELETE', answer);
    else await answer.body.dump();
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #ask(
    method: 'GET' | 'PUT' | 'DELETE',
    key: string,
    bodySha256: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Readable,
  ): Promise<Dispatcher.ResponseData> {
    const { accessKeyId, secretAccessKey, region } = this.place;
    const signed = await new AwsV4Signer({
      ...{ method, accessKeyId, secretAccessKey, region },
      service: 's3',
      url: `${this.#base}${key}`,
      headers: { ...headers, 'x-amz-content-sha256': bodySha256 },
    }).sign();
    return request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers.entries()),
      dispatcher: this.#agent,
      ...(body && { body }),
    });
  }

  async #done(method: string, answer: Dispatcher.ResponseData): Promise<void> {
    if (answer.statusCode >= 300) return this.#refuse(method, answer);
    await answer.body.dump();
  }

  async #refuse(method: string, answer: Dispatcher.ResponseData): Promise<never> {
    const text = (await answer.body.text().catch(() => '')).slice(0, 2000);
    throw new S3Refused(method, answer.statusCode, /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1]);
  }
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
