import { createHash, randomBytes } from 'node:crypto';

const OUTBOUND = Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18, 0x12]);
const INBOUND = Buffer.from([0x15, 0x02, 0x00, 0x12, 0x18, 0x12]);

/**
 * A message id of Meta's form: base64 over a small binary record that holds the customer's number in clear.
 * Random, so that ids of a restarted sandbox never meet those of the run before.
 */
export function newWamid(direction: 'outbound' | 'inbound', customer: string): string {
  const id = randomBytes(9).toString('hex').toUpperCase();
  const record = Buffer.concat([
    Buffer.from([0x1c, 0x18, customer.length]),
    Buffer.from(customer, 'latin1'),
    direction === 'outbound' ? OUTBOUND : INBOUND,
    Buffer.from(id, 'latin1'),
    Buffer.from([0x00]),
  ]);
  return `wamid.${record.toString('base64')}`;
}

/** `digits` decimal digits that depend on `seed` alone; never with a leading zero. */
export function derivedDigits(seed: string, digits: number): string {
  const hash = createHash('sha256').update(seed).digest('hex');
  const number = BigInt(`0x${hash}`).toString();
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
  ['971', 'AE'], ['234', 'NG'], ['254', 'KE'], ['880', 'BD'], ['977', 'NP'], ['91', 'IN'], ['44', 'GB'], ['49', 'DE'],
  ['55', 'BR'], ['52', 'MX'], ['62', 'ID'], ['65', 'SG'], ['60', 'MY'], ['27', 'ZA'], ['34', 'ES'], ['33', 'FR'], ['1', 'US'],
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
