import { DomainError } from '../../../kernel/domain-error.js';
import { isTimeZone } from '../../../kernel/local-time.js';

/** A value has the right shape and names nothing: a zone that no map knows, a language that is no tag. */
export class UnknownCustomerWord extends DomainError {
  readonly code = 'UNKNOWN_VALUE';
  readonly kind = 'meaning';
  override readonly extensions: { errors: { path: string; message: string }[] };
  constructor(path: string, message: string) {
    super(`${path} ${message}`);
    this.extensions = { errors: [{ path, message }] };
  }
}

/** What people read, on one line: no control characters, no space around it. */
export function printable(path: string, text: string): string {
  const printed = text.normalize('NFC').trim();
  // eslint-disable-next-line no-control-regex
  if (printed === '' || /[\u0000-\u001f\u007f]/.test(printed) || !printed.isWellFormed())
    throw new UnknownCustomerWord(path, 'must be printable text');
  return printed;
}

/** A language as Meta's templates name it: `en`, `hi`, `en_US`. */
export function templateLanguage(tag: string): string {
  const [, language, region] = /^([a-z]{2,3})(?:[-_]([a-z]{2}))?$/i.exec(tag) ?? [];
  if (!language) throw new UnknownCustomerWord('language', 'must be a language tag, e.g. hi or en_US');
  return region ? `${language.toLowerCase()}_${region.toUpperCase()}` : language.toLowerCase();
}

export function zoneName(text: string): string {
  if (!/^[A-Za-z]/.test(text) || !isTimeZone(text))
    throw new UnknownCustomerWord('timezone', 'must be a zone of the IANA database, e.g. Asia/Kolkata');
  return text;
}

interface Profile {
  readonly name?: string | undefined;
  readonly reference?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly timezone?: string | null | undefined;
}

/** The same profile with its words checked and in their one spelling. @throws UnknownCustomerWord */
export function wellSpelt<P extends Profile>(profile: P): P {
  const { name, reference, language, timezone } = profile;
  return {
    ...profile,
    ...(name !== undefined && { name: printable('name', name) }),
    ...(reference && { reference: printable('reference', reference) }),
    ...(language && { language: templateLanguage(language) }),
    ...(timezone && { timezone: zoneName(timezone) }),
  };
}
