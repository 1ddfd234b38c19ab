import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DomainError } from '../../kernel/domain-error.js';
import type { BucketRate } from './token-bucket.js';
import { type BucketAsk, TokenBuckets } from './token-buckets.js';

export class TooManyRequests extends DomainError {
  readonly code = 'RATE_LIMITED';
  readonly kind = 'rate';
  constructor(readonly retryAfterMs: number) {
    super('Too many requests. Retry-After says when to go on.');
  }
}

/** What the API takes in a burst, and a second after it. An operator who needs others runs a gateway in front. */
const ADDRESS: BucketRate = { capacity: 1000, refillPerSecond: 200 };
const TENANT: BucketRate = { capacity: 2000, refillPerSecond: 400 };
const CREDENTIAL: BucketRate = { capacity: 1000, refillPerSecond: 200 };
/** Guessing passwords: ten tries a minute from one address, five for one account. */
const LOGIN_ADDRESS: BucketRate = { capacity: 10, refillPerSecond: 10 / 60 };
const LOGIN_ACCOUNT: BucketRate = { capacity: 5, refillPerSecond: 5 / 60 };

/** The limits of the HTTP API (F61): by address at the door, by tenant and credential behind it, strict at log-in. */
@Injectable()
export class HttpLimits {
  constructor(private readonly buckets: TokenBuckets) {}

  /** @throws TooManyRequests */
  admitAddress(ip: string): Promise<void> {
    return this.#take([{ key: `http-address:${networkOf(ip)}`, ...ADDRESS }]);
  }

  /** @throws TooManyRequests */
  admitCredential(tenantId: string, actor: string): Promise<void> {
    return this.#take([
      { key: `http-tenant:${tenantId}`, ...TENANT },
      { key: `http-credential:${tenantId}:${actor}`, ...CREDENTIAL },
    ]);
  }

  /** @param account as the caller wrote it: case and spaces do not make it another one @throws TooManyRequests */
  admitLogin(ip: string, account: string): Promise<void> {
    const digest = createHash('sha256').update(account.trim().toLowerCase()).digest('base64url').slice(0, 22);
    return this.#take([
      { key: `login-address:${networkOf(ip)}`, ...LOGIN_ADDRESS },
      { key: `login-account:${digest}`, ...LOGIN_ACCOUNT },
    ]);
  }

  async #take(asks: BucketAsk[]): Promise<void> {
    const taking = await this.buckets.take(asks);
    if (!taking.allowed) throw new TooManyRequests(taking.retryAfterMs);
  }
}

/** An address of version 6 stands for its /64: whoever has one has all of them. A mapped address of version 4 is that address. */
export function networkOf(ip: string): string {
  const mapped = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('%')[0]!.split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? start
      : [...start, ...Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0'), ...end];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
