/** What kind of answer an error deserves; the edge maps it to a status once. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'meaning'
  | 'rate'
  | 'provider'
  | 'unavailable';

/**
 * A refusal that a caller can act on. `code` is stable and part of the public surface; `detail` is for people.
 * Subclasses are named after the rule: `class PhoneNumberTaken extends DomainError`.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  /** Further members of the problem document: `errors`, `messageId`, ... Never secrets, never another tenant's data. */
  readonly extensions: Readonly<Record<string, unknown>> = {};

  constructor(detail: string) {
    super(detail);
    this.name = new.target.name;
  }
}
