/** The demo merchant's way to a running NoDue, and the customers' phones: the public API and the sandbox, nothing else. */
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_NUMBER, logInDemoMerchant } from '../prisma/seed.ts';

export interface Addresses {
  api: string;
  sandbox: string;
  platformKey: string;
}

export interface PhoneMessage {
  wamid: string;
  direction: 'received' | 'written';
  type: string;
  /** RFC 3339, business time. */
  timestamp: string;
  status?: string;
  text?: string;
  interactive?: { list_reply?: { title: string }; button_reply?: { title: string } };
  payload?: { button?: { text: string } };
  quickReplies?: { text: string }[];
}

/** An answer of NoDue's or the sandbox's that the story did not expect. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Record<string, unknown>;
  constructor(what: string, status: number, text: string) {
    super(`${what}: ${status} ${text}`);
    this.status = status;
    this.problem = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  }
}

const LOOK_EVERY_MS = 150;
const PATIENCE_MS = 60_000;
/** Before the access token ends. */
const LOG_IN_AGAIN_MS = 10 * 60_000;

export class DemoClient {
  readonly #addresses: Addresses;
  readonly #signal: AbortSignal;
  #token: { value: string; at: number } | undefined;

  /** @param signal ends all that is waited for */
  constructor(addresses: Addresses, signal: AbortSignal) {
    this.#addresses = addresses;
    this.#signal = signal;
  }

  get isOver(): boolean {
    return this.#signal.aborted;
  }

  get<T>(path: string): Promise<T> {
    return this.#merchant<T>('GET', path);
  }

  /** @throws Refused */
  post<T>(path: string, body: unknown): Promise<T> {
    return this.#merchant<T>('POST', path, body);
  }

  async list<T>(path: string): Promise<T[]> {
    return (await this.get<{ data: T[] }>(path)).data;
  }

  /** A customer writes, or taps what a message offers. */
  async act(phone: string, does: { text: string } | { tap: string; context: string }): Promise<void> {
    await this.#sandbox('POST', `/handsets/${phone}/messages`, { phoneNumberId: DEMO_NUMBER.phoneNumberId, ...does });
  }

  async phones(): Promise<string[]> {
    return (await this.#sandbox<{ data: { waId: string }[] }>('GET', '/handsets')).data.map(({ waId }) => waId);
  }

  async screen(phone: string): Promise<PhoneMessage[]> {
    return (await this.#sandbox<{ data: PhoneMessage[] }>('GET', `/handsets/${phone}/messages`)).data;
  }

  /** Business time. */
  async now(): Promise<Date> {
    return new Date((await this.#sandbox<{ now: string }>('GET', '/clock')).now);
  }

  /** Answers when all that falls due on the way is done. */
  async advanceTo(instant: Date): Promise<void> {
    if (instant > (await this.now())) await this.#sandbox('POST', '/clock', { now: instant.toISOString() });
  }

  /** Asks again until there is an answer. @throws Error after a minute */
  async until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (const since = performance.now(); performance.now() - since < PATIENCE_MS;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await this.pause(LOOK_EVERY_MS);
    }
    throw new Error(`${what} did not come within a minute`);
  }

  /** @throws AbortError when the demo ends */
  async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#signal });
  }

  async #merchant<T>(method: string, path: string, body?: unknown): Promise<T> {
    if (!this.#token || performance.now() - this.#token.at > LOG_IN_AGAIN_MS)
      this.#token = { value: await logInDemoMerchant(this.#addresses.api), at: performance.now() };
    return this.#ask<T>(method, `${this.#addresses.api}${path}`, body, this.#token.value);
  }

  #sandbox<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#ask<T>(method, `${this.#addresses.sandbox}/sandbox${path}`, body);
  }

  async #ask<T>(method: string, url: string, body?: unknown, token?: string): Promise<T> {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${new URL(url).pathname}`, response.status, text);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
