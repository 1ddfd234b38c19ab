import { createHash, randomBytes, randomFillSync } from 'node:crypto';

const OUTBOUND = '\x15\x02\x00\x11\x18\x12';
const INBOUND = '\x15\x02\x00\x12\x18\x12';

const RANDOM_POOL = Buffer.alloc(9 * 512);
let usedOfPool = RANDOM_POOL.length;

/** Nine random bytes in hex. Drawn from a pool: a system call for each message id would cost as much as the rest of it. */
function eighteenHexDigits(): string {
  if (usedOfPool === RANDOM_POOL.length) {
    randomFillSync(RANDOM_POOL);
    usedOfPool = 0;
  }
  usedOfPool += 9;
  return RANDOM_POOL.toString('hex', usedOfPool - 9, usedOfPool).toUpperCase();
}

/**
 * A message id of Meta's form: base64 over a small binary record that holds the customer's number in clear.
 * Random, so that ids of a restarted sandbox never meet those of the run before.
 */
export function newWamid(direction: 'outbound' | 'inbound', customer: string): string {
  const head = `\x1c\x18${String.fromCharCode(customer.length)}${customer}`;
  const record = Buffer.from(
    `${head}${direction === 'outbound' ? OUTBOUND : INBOUND}${eighteenHexDigits()}\0`,
    'latin1',
  );
  return `wamid.${record.toString('base64')}`;
}

/** `digits` decimal digits (at most 32) that depend on `seed` alone; never with a leading zero. */
export function derivedDigits(seed: string, digits: number): string {
  const hash = createHash('sha256').update(seed).digest();
  const number = `${hash.readBigUInt64BE(0)}${hash.readBigUInt64BE(8)}`.padStart(32, '7');
  return `1${number.slice(1, digits)}`;
}

/** A new numeric id of Meta's length, for media, templates and history entries. */
export function newNumericId(): string {
  return `1${(randomBytes(8).readBigUInt64BE() % 10n ** 15n).toString().padStart(15, '0')}`;
}

/** Trace id of an answer, 11 url-safe characters after an `A`. */
export function newTraceId(): string {
  return `A${randomBytes(16).toString('base64url')}`;
}

const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ['971', 'AE'],
  ['234', 'NG'],
  ['254', 'KE'],
  ['880', 'BD'],
  ['977', 'NP'],
  ['91', 'IN'],
  ['44', 'GB'],
  ['49', 'DE'],
  ['55', 'BR'],
  ['52', 'MX'],
  ['62', 'ID'],
  ['65', 'SG'],
  ['60', 'MY'],
  ['27', 'ZA'],
  ['34', 'ES'],
  ['33', 'FR'],
  ['1', 'US'],
];

/**
 * Business-scoped user id of a person for one business portfolio, `IN.13491208655302741918`.
 * Deterministic: the same pair keeps its id over restarts, as a real one would.
 */
export function businessScopedUserId(waId: string, portfolioId: string): string {
  const country = COUNTRIES.find(([prefix]) => waId.startsWith(prefix))?.[1] ?? 'ZZ';
  return `${country}.${derivedDigits(`${waId}|${portfolioId}`, 20)}`;
}

/** Whether a string is written as a business-scoped user id is (docs: "business-scoped user IDs"). */
export function looksLikeUserId(value: string): boolean {
  return /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(value);
}
