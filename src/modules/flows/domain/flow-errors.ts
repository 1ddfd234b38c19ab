import { DomainError } from '../../../kernel/domain-error.js';

/** A pattern that may not be used: it is no RE2, or would cost too much. */
export class RegexRefused extends DomainError {
  readonly code = 'REGEX_REFUSED';
  readonly kind = 'meaning';
  override readonly extensions: { readonly pattern: string; readonly why: string };
  constructor(pattern: string, why: string) {
    super(`The pattern is refused: ${why}.`);
    this.extensions = { pattern: pattern.slice(0, 100), why };
  }
}

/** A step whose variables nobody can fill is not sent: never with blanks (C19). */
export class MissingVariables extends DomainError {
  readonly code = 'MISSING_VARIABLES';
  readonly kind = 'meaning';
  override readonly extensions: { readonly missing: readonly string[] };
  constructor(readonly names: readonly string[]) {
    super(`The step needs variables that are not known: ${names.join(', ')}.`);
    this.extensions = { missing: names };
  }
}
