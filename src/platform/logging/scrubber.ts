import { createHmac } from 'node:crypto';

/** Fields whose value is a secret whatever it looks like. */
const SECRET_FIELDS =
  /^(?:authorization|proxy-?authorization|(?:set-?)?cookie|(?:access|refresh|id|auth|bearer|verify)?_?token|password|passphrase|pass|pin|otp|secret|(?:client|app|meta_app|jwt)_?secret\w*|api_?key|platform_?key|encryption_?keys?|code|credentials?)$/i;
/** Fields that hold a person's number or WhatsApp id, however it is written. */
const PHONE_FIELDS =
  /^(?:phone|phones|phone_?numbers?|display_?phone_?number|mobile|msisdn|tel|telephone|wa_?ids?|recipient(?:_?id)?|to|from|customer_?phone|address|handset)$/i;
/** What such a field may hold besides: a network address, a date, an id of ours. */
const NOT_PHONES = /^(?:\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3}$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/i;
/** Fields whose digits are ids, times and sizes: Meta's ids have as many digits as a phone number. */
const NUMBER_FIELDS =
  /^(?:time|level|pid|port|status|ms|milliseconds|.*(?:Ms|_ms|At|_at|Seconds|Bytes|Count|Size)|seq|(?:(?!wa_?ids?$|recipient|customer|contact)\w*?)(?:Id|Ids|_id|_ids)|id|ids)$/;

const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]+?(?:-----END [A-Z ]+-----|$)/g, '[secret]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi, '$1 [secret]'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, '[secret]'],
  [/\bEAA[A-Za-z0-9]{5,}/g, '[secret]'],
  [/\b(?:mock|nd|sk|pk)_[\w-]{2,}/g, '[secret]'],
  [/\bwhsec_[A-Za-z0-9+/]{2,}={0,2}/g, '[secret]'],
  [/(\b[a-z][\w+.-]*:\/\/[^\s:/@"']*):[^\s@"']+@/gi, '$1:[secret]@'],
  [
    /((?:access|refresh|verify|id)?_?token|appsecret_proof|(?:client|app)?_?secret|password|api_?key|authorization)(["'`]?\s*[:=]\s*["'`]?)(?!\[secret\])[^\s"'`,;&})\]]{6,}/gi,
    '$1$2[secret]',
  ],
  // A code that is no error's: those are words in capitals, or shorter.
  [/\b([Cc]ode)(["'`]?\s*[:=]\s*["'`]?)(?![A-Z][A-Z0-9_]*\b)[\w./~#-]{6,}/g, '$1$2[secret]'],
];

const WAMID = /\bwamid\.[\w+/=%-]+|\bHBg[A-Za-z0-9+/]{16,}={0,2}/g;

/** Times, UUIDs, addresses and Graph paths: digits that are nobody's number, taken out of the way of NUMBERS. */
const NOT_NUMBERS =
  /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\/v\d+\.\d+\/\d+|\b(?!wa_?id\b)\w*id["']?[ :=]{1,2}["']?\d+/i;
const NUMBERS = new RegExp(
  [
    `(?<kept>${NOT_NUMBERS.source})`,
    // Says itself that it is one: +91 98765-43210, 00919876543210.
    String.raw`(?<![\w.])(?:\+|00(?=[1-9]))[ ]?\(?\d(?:[ .()-]{0,2}\d){6,14}(?!\d)`,
    // Follows a word for one: to 5551234, "mobile": "98765".
    String.raw`(?<=\b(?:phone|mobile|tel|telephone|number|wa_?id|msisdn|recipient|customer|contact|handset|sender|from|to)["']?(?:\s+|\s*[:=]\s*|/)["']?)\d{7,15}(?!\d)`,
    // As long as one, alone or in groups; a card's number too.
    String.raw`(?<![\w.])\(?\d{2,5}\)?(?:[ -]\(?\d{2,5}\)?){1,4}(?![\w]|[.:]\d)`,
    String.raw`(?<![\w.])\d{10,19}(?!\w|\.\d)`,
  ].join('|'),
  'gi',
);

/**
 * Takes secrets and personal identifiers out of log lines: by the name of a field and by the look of a value, because free text
 * and errors of libraries carry them too (F64). Phone numbers and message ids become a keyed digest, the same for the same
 * customer, so that his lines can be found together by whoever holds the key.
 */
export class Scrubber {
  readonly #known: RegExp | undefined;

  /** @param knownSecrets values of the configuration that never stand in a line, whatever they look like */
  constructor(
    private readonly digestKey: string,
    knownSecrets: readonly string[] = [],
  ) {
    const long = knownSecrets.filter((secret) => secret.length >= 8).sort((a, b) => b.length - a.length);
    if (long.length > 0)
      this.#known = new RegExp(long.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  }

  /** A copy of a JSON value that may be shown. */
  value(value: unknown, field = ''): unknown {
    if (typeof value === 'string') return this.#field(field, value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(field, value);
    if (Array.isArray(value)) return value.map((item) => this.value(item, field));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.value(member, name)]),
    );
  }

  text(text: string): string {
    let clean = this.#known ? text.replace(this.#known, '[secret]') : text;
    for (const [pattern, replacement] of SECRETS) clean = clean.replace(pattern, replacement);
    clean = clean.replace(WAMID, (id) => this.#digest('wamid', decoded(id)));
    return clean.replace(NUMBERS, (...match) => {
      const found = match[0];
      const { kept } = match.at(-1) as { kept?: string };
      return kept !== undefined || !isPersonal(found) ? found : this.#phone(found);
    });
  }

  #field(field: string, text: string): string {
    if (SECRET_FIELDS.test(field) && !isHarmlessCode(field, text)) return '[secret]';
    if (PHONE_FIELDS.test(field) && /\d{5,}/.test(text.replace(/[ ().+-]/g, '')) && !NOT_PHONES.test(text))
      return text.replace(/\+?\d[\d ().-]{3,}\d/g, (found) => this.#phone(found));
    if (NUMBER_FIELDS.test(field) && /^\d+$/.test(text)) return text;
    return this.text(text);
  }

  #number(field: string, value: number | bigint): unknown {
    if (PHONE_FIELDS.test(field) && /^\d{7,15}$/.test(String(value))) return this.#phone(String(value));
    if (NUMBER_FIELDS.test(field)) return value;
    const text = String(value);
    return /^\d{10,19}$/.test(text) && isPersonal(text) ? this.#phone(text) : value;
  }

  /** +91 98765 43210 and 919876543210 are one customer. */
  #phone(found: string): string {
    return this.#digest('phone', found.replace(/\D/g, '').replace(/^00/, ''));
  }

  #digest(what: string, value: string): string {
    return `${what}:${createHmac('sha256', this.digestKey).update(value).digest('hex').slice(0, 10)}`;
  }
}

/** `code` names errors as often as it names one-time codes: words in capitals and SQLSTATEs say what went wrong. */
function isHarmlessCode(field: string, text: string): boolean {
  return /^code$/i.test(field) && /^(?:[A-Z][A-Z0-9_]{2,}|[0-9A-Z]{5}|\d{1,3})$/.test(text) && !/^\d{5}$/.test(text);
}

/** Digits that can be a phone's or a card's number: not an instant in seconds or milliseconds, not a pair of small counts. */
function isPersonal(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  if (/^\D*1[5-9]\d{8}(?:\d{3})?$/.test(found) && !found.startsWith('+')) return false;
  if (digits.length > 15) return isCard(digits);
  const says = found.startsWith('+') || found.startsWith('00') || /^\d{7,9}$/.test(found);
  return says ? digits.length >= 7 : digits.length >= 10;
}

/** The check digit of card numbers (ISO/IEC 7812). */
function isCard(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
