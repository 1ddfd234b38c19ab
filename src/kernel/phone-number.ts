import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { DomainError } from './domain-error.js';

export class InvalidPhoneNumber extends DomainError {
  readonly code = 'INVALID_PHONE_NUMBER';
  readonly kind = 'invalid';
  constructor() {
    super('A phone number has 7 to 15 digits with its country code and no leading zero, e.g. +919876543210.');
  }
}

/** A phone number in E.164: `+` and 7 to 15 digits, no leading zero (S1.71, C26). */
export class PhoneNumber {
  private constructor(readonly e164: string) {}

  /**
   * Tolerant in: with or without `+` or `00`, with spaces, dashes, dots and brackets.
   * @param country ISO 3166-1 alpha-2 of the merchant; a number that is valid there is read as a national one.
   * @throws InvalidPhoneNumber
   */
  static parse(input: string, country?: string): PhoneNumber {
    const compact = input.replace(/[\s().\-\u00a0]/g, '').replace(/^00/, '+');
    const national =
      country && !compact.startsWith('+')
        ? parsePhoneNumberFromString(compact, country as CountryCode, metadata)
        : undefined;
    if (national?.isValid()) return new PhoneNumber(national.number);
    const e164 = compact.startsWith('+') ? compact : `+${compact}`;
    if (!/^\+[1-9]\d{6,14}$/.test(e164)) throw new InvalidPhoneNumber();
    return new PhoneNumber(e164);
  }

  /** Meta's wire form: digits without the plus (S0.50). */
  get digits(): string {
    return this.e164.slice(1);
  }

  /** ISO 3166-1 alpha-2, where the number tells: several countries share a code. */
  get country(): string | undefined {
    return parsePhoneNumberFromString(this.e164, metadata)?.country;
  }
}
