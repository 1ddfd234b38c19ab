import { DomainError } from '../../../kernel/domain-error.js';

/** A value has the right shape and names nothing: a zone that no map knows, a currency that nobody pays in. */
export class UnknownWord extends DomainError {
  readonly code = 'UNKNOWN_VALUE';
  readonly kind = 'meaning';
  override readonly extensions: { errors: { path: string; message: string }[] };
  constructor(path: string, message: string) {
    super(`${path} ${message}`);
    this.extensions = { errors: [{ path, message }] };
  }
}

/** Regions that Unicode names and ISO 3166 does not have as countries. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** What people read: no control characters, no space around it. */
export function displayName(text: string): string {
  const name = text.normalize('NFC').trim();
  // eslint-disable-next-line no-control-regex
  if (name === '' || /[\u0000-\u001f\u007f]/.test(name) || !name.isWellFormed())
    throw new UnknownWord('name', 'must be printable text');
  return name;
}

export function countryCode(text: string): string {
  const code = text.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.has(code) || !REGIONS.of(code))
    throw new UnknownWord('country', 'must be a country of ISO 3166-1, e.g. IN');
  return code;
}

export function currencyCode(text: string): string {
  const code = text.toUpperCase();
  if (!CURRENCIES.has(code)) throw new UnknownWord('currency', 'must be a currency of ISO 4217, e.g. INR');
  return code;
}

/** A named zone; an offset such as +05:30 knows no daylight saving and is none. */
export function timeZone(text: string): string {
  try {
    if (!/^[A-Za-z]/.test(text)) throw new RangeError();
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    throw new UnknownWord('timezone', 'must be a zone of the IANA database, e.g. Asia/Kolkata');
  }
}

export function localeTag(text: string): string {
  try {
    return Intl.getCanonicalLocales(text)[0]!;
  } catch {
    throw new UnknownWord('locale', 'must be a language tag of BCP 47, e.g. en-IN');
  }
}
