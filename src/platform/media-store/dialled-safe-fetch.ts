import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { Config } from '../config/config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { cutShort, LimitedBytes } from './limited-bytes.js';
import { NameLookup } from './name-lookup.js';
import { isPublicAddress, isPublicLink } from './public-address.js';
import { type FetchedFile, type FetchLimits, type PostAnswer, type PostLimits, SafeFetch } from './safe-fetch.js';

const CONNECT_MS = 5_000;
const SILENCE_MS = 30_000;

class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

type Refusal = Extract<FetchedFile, { kind: 'refused' }>;
const refusal = (code: Refusal['code'], retry: boolean, status?: number): Refusal => ({
  kind: 'refused',
  code,
  retry,
  ...(status !== undefined && { status }),
});

/**
 * Fetches with a dialler of its own: names are looked up once, by it, and all that they point to must be public; the socket's other end is
 * looked at again. Exceptions are what the operator configured, local in tests and in the sandbox: the Graph URL's own origin for files,
 * and the receivers that are vouched for.
 */
@Injectable()
export class DialledSafeFetch extends SafeFetch implements OnApplicationShutdown {
  readonly #graph: URL;
  readonly #strangers: Agent;
  /** Dials wherever it is told to. */
  readonly #trusting = new Agent({ connect: { timeout: CONNECT_MS } });

  constructor(
    private readonly config: Config,
    private readonly names: NameLookup,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
    this.#graph = new URL(config.WHATSAPP_GRAPH_URL);
    const dial = buildConnector({ timeout: CONNECT_MS, lookup: this.#lookup });
    this.#strangers = new Agent({
      connect: (options, done) =>
        dial(options, (...[error, socket]) => {
          if (error) return done(error, null);
          if (isPublicAddress(socket.remoteAddress ?? '')) return done(null, socket);
          socket.destroy();
          done(new AddressRefused(), null);
        }),
    });
  }

  async fetch(url: string, limits: FetchLimits): Promise<FetchedFile> {
    this.unitOfWork.forbidInside('Fetching a file');
    if (limits.bearer !== undefined && limits.hosts === undefined)
      throw new Error('A token goes to hosts that are named, not to whoever a stranger names');
    const target = this.#admit(url, limits.hosts);
    if (!target) return refusal('HOST_REFUSED', false);
    const over = AbortSignal.timeout(limits.deadline);
    const silence = Math.min(SILENCE_MS, limits.deadline);
    try {
      const answer = await request(target, {
        dispatcher: this.#isGraph(target) ? this.#trusting : this.#strangers,
        signal: limits.signal ? AbortSignal.any([over, limits.signal]) : over,
        headersTimeout: silence,
        bodyTimeout: silence,
        headers: {
          accept: '*/*',
          'user-agent': 'NoDue',
          ...(limits.bearer !== undefined && { authorization: `Bearer ${limits.bearer}` }),
        },
      });
      return read(answer, limits.maxBytes, over);
    } catch (error) {
      if (isRefusedAddress(error)) return refusal('HOST_REFUSED', false);
      return refusal(cutShort(error, over).code === 'DEADLINE' ? 'DEADLINE' : 'NETWORK', true);
    }
  }

  mayPostTo(url: string): boolean {
    return this.#receiver(url) !== undefined;
  }

  async post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    limits: PostLimits,
  ): Promise<PostAnswer> {
    this.unitOfWork.forbidInside('Posting to a receiver');
    const target = this.#receiver(url);
    if (!target) return { kind: 'refused', code: 'HOST_REFUSED' };
    const over = AbortSignal.timeout(limits.deadline);
    try {
      const answer = await request(target, {
        method: 'POST',
        body,
        headers: { ...headers },
        dispatcher: this.config.vouchesFor(target) ? this.#trusting : this.#strangers,
        signal: limits.signal ? AbortSignal.any([over, limits.signal]) : over,
        headersTimeout: limits.deadline,
        bodyTimeout: limits.deadline,
      });
      const retryAfter = answer.headers['retry-after'];
      return {
        kind: 'answered',
        status: answer.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
        said: await beginning(answer, limits.maxBytes),
      };
    } catch (error) {
      if (isRefusedAddress(error)) return { kind: 'refused', code: 'HOST_REFUSED' };
      return { kind: 'refused', code: cutShort(error, over).code === 'DEADLINE' ? 'DEADLINE' : 'NETWORK' };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#strangers.destroy(), this.#trusting.destroy()]);
  }

  /** The URL, when it may be asked at all. Its parser has turned `0x7f.1` and its like into the address that they mean. */
  #admit(url: string, hosts: readonly string[] | undefined): URL | undefined {
    if (!URL.canParse(url)) return undefined;
    const target = new URL(url);
    if (target.username !== '' || target.password !== '') return undefined;
    const host = target.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    if (hosts && !hosts.some((pattern) => fits(host, pattern))) return undefined;
    if (this.#isGraph(target)) return target;
    if (target.protocol !== 'https:' || target.port !== '') return undefined;
    // Addresses are not looked up, so the dialler would not see them before it dials.
    return isIP(host) === 0 || isPublicAddress(host) ? target : undefined;
  }

  #receiver(url: string): URL | undefined {
    if (!URL.canParse(url)) return undefined;
    const target = new URL(url);
    if (!/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') return undefined;
    if (this.config.vouchesFor(target)) return target;
    return target.protocol === 'https:' && target.port === '' && isPublicLink(target) ? target : undefined;
  }

  #isGraph({ origin }: URL): boolean {
    return origin === this.#graph.origin;
  }

  readonly #lookup: LookupFunction = (host, { all }, done) => {
    this.names.all(host).then(
      (found) => {
        // One that is not public spoils all: whoever mixes them has a reason.
        if (found.length === 0 || !found.every(({ address }) => isPublicAddress(address)))
          return done(new AddressRefused(), '', 4);
        if (all) done(null, [...found]);
        else done(null, found[0]!.address, found[0]!.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, '', 4),
    );
  };
}

/** What a refusal says first; of what succeeded nobody reads anything. Neither may hold the line for long, or fail what was answered. */
async function beginning({ statusCode, body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  if (statusCode >= 200 && statusCode < 300) {
    body.dump({ limit: maxBytes }).catch(() => undefined);
    return '';
  }
  const chunks: Buffer[] = [];
  try {
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((size += chunk.length) >= maxBytes) break;
    }
  } catch {
    // The status has said what matters.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
  over: AbortSignal,
): FetchedFile {
  const refuse = (given: Refusal): Refusal => {
    // Whatever stands in the answer is of no use, and may be without end.
    body.on('error', () => undefined).destroy();
    return given;
  };
  if (statusCode >= 300 && statusCode < 400) return refuse(refusal('REDIRECTED', false, statusCode));
  if (statusCode === 404 || statusCode === 410) return refuse(refusal('GONE', false, statusCode));
  if (statusCode === 401 || statusCode === 403) return refuse(refusal('FORBIDDEN', false, statusCode));
  if (statusCode !== 200) return refuse(refusal('PROVIDER_ERROR', statusCode >= 500 || statusCode === 429, statusCode));
  const size = numberIn(headers['content-length']);
  if (size !== undefined && size > maxBytes) return refuse(refusal('TOO_LARGE', false, statusCode));
  const mimeType = headers['content-type'];
  return {
    kind: 'file',
    mimeType: typeof mimeType === 'string' ? mimeType : undefined,
    size,
    bytes: LimitedBytes.of(body, maxBytes, over),
  };
}

function fits(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function isRefusedAddress(error: unknown): boolean {
  const { code, errors, cause } = error as { code?: unknown; errors?: readonly unknown[]; cause?: unknown };
  return (
    code === 'ADDRESS_REFUSED' ||
    (Array.isArray(errors) && errors.some(isRefusedAddress)) ||
    (typeof cause === 'object' && cause !== null && isRefusedAddress(cause))
  );
}

function numberIn(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
