import { AwsV4Signer } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { type ByteRange, checkKey, MediaStore, type PutOptions, type StoredFile, unavailable } from './media-store.js';
import type { TemporaryFiles } from './temporary-files.js';

type Method = 'GET' | 'PUT' | 'DELETE';

export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The bucket did not do it; its words, and no secret. */
export class S3Refused extends Error {
  constructor(method: string, status: number, code: string | undefined) {
    super(`The bucket answered ${method} with ${status}${code === undefined ? '' : ` ${code}`}`);
  }
}

/** S3 wants the digest before the bytes; an empty body's is this. */
const NOTHING_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const CONNECT_MS = 5_000;
const SILENCE_MS = 30_000;
/** Milliseconds before the second and the third try: buckets answer 503 when they want to be asked more slowly. */
const WAITS: readonly number[] = [200, 1000];

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

  async put(key: string, bytes: Readable, { maxBytes, mimeType, sha256: expected }: PutOptions): Promise<StoredFile> {
    checkKey(key);
    const { path, size, sha256 } = await this.temporary.write(bytes, maxBytes, expected);
    try {
      const headers = { 'content-type': mimeType, 'content-length': String(size) };
      const open = (): Readable => createReadStream(path);
      await this.#done('PUT', await this.#ask('PUT', key, sha256.toString('hex'), headers, open));
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
    if (answer.statusCode !== 200 && answer.statusCode !== 206) throw await refusalIn('GET', answer);
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

  /** @throws MediaStoreUnavailable after the third try that failed in a way that may pass */
  async #ask(
    method: Method,
    key: string,
    bodySha256: string,
    headers: Readonly<Record<string, string>> = {},
    open?: () => Readable,
  ): Promise<Dispatcher.ResponseData> {
    for (let tries = 0; ; tries++) {
      let fault: unknown;
      try {
        const answer = await this.#send(method, key, { ...headers, 'x-amz-content-sha256': bodySha256 }, open?.());
        if (!mayPass(answer)) return answer;
        fault = await refusalIn(method, answer);
      } catch (error) {
        fault = error;
      }
      const wait = WAITS[tries];
      if (wait === undefined) throw unavailable(fault);
      await delay(wait);
    }
  }

  async #send(
    method: Method,
    key: string,
    headers: Readonly<Record<string, string>>,
    body: Readable | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const { accessKeyId, secretAccessKey, region } = this.place;
    const url = `${this.#base}${key}`;
    const signed = await new AwsV4Signer({
      ...{ method, url, headers, accessKeyId, secretAccessKey, region },
      service: 's3',
    }).sign();
    return request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers.entries()),
      dispatcher: this.#agent,
      ...(body && { body }),
    });
  }

  async #done(method: Method, answer: Dispatcher.ResponseData): Promise<void> {
    if (answer.statusCode >= 300) throw await refusalIn(method, answer);
    await answer.body.dump();
  }
}

function mayPass({ statusCode }: Dispatcher.ResponseData): boolean {
  return statusCode >= 500 || statusCode === 429;
}

async function refusalIn(method: Method, answer: Dispatcher.ResponseData): Promise<S3Refused> {
  const text = (await answer.body.text().catch(() => '')).slice(0, 2000);
  return new S3Refused(method, answer.statusCode, /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1]);
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
