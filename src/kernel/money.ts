import { DomainError } from './domain-error.js';

export class InvalidMoney extends DomainError {
  readonly code = 'INVALID_MONEY';
  readonly kind = 'invalid';
  constructor(
    detail = 'An amount is a whole number of minor units, e.g. 500000 for ₹5,000.00, with an ISO 4217 currency.',
  ) {
    super(detail);
  }
}

export class CurrencyMismatch extends DomainError {
  readonly code = 'CURRENCY_MISMATCH';
  readonly kind = 'meaning';
  constructor(expected: string, given: string) {
    super(`The amount is in ${given}, but the account is kept in ${expected}.`);
  }
}

/** An amount of a currency in whole minor units (paise, cents). Immutable; amounts of two currencies never meet. */
export class Money {
  private constructor(
    readonly amountMinor: number,
    /** ISO 4217 */
    readonly currency: string,
  ) {}

  /** @throws InvalidMoney */
  static of(amountMinor: number, currency: string): Money {
    if (!Number.isSafeInteger(amountMinor) || !/^[A-Z]{3}$/.test(currency)) throw new InvalidMoney();
    // -0 is a number of JavaScript's, not an amount.
    return new Money(amountMinor + 0, currency);
  }

  static zero(currency: string): Money {
    return Money.of(0, currency);
  }

  /** @throws CurrencyMismatch, InvalidMoney */
  plus(other: Money): Money {
    return Money.of(this.amountMinor + this.#sameAs(other), this.currency);
  }

  /** @throws CurrencyMismatch, InvalidMoney */
  minus(other: Money): Money {
    return Money.of(this.amountMinor - this.#sameAs(other), this.currency);
  }

  negated(): Money {
    return Money.of(-this.amountMinor, this.currency);
  }

  min(other: Money): Money {
    return this.#sameAs(other) < this.amountMinor ? other : this;
  }

  isMoreThan(other: Money): boolean {
    return this.amountMinor > this.#sameAs(other);
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.amountMinor === other.amountMinor;
  }

  get isZero(): boolean {
    return this.amountMinor === 0;
  }

  get isPositive(): boolean {
    return this.amountMinor > 0;
  }

  /** For people: `₹5,000.00`. @param locale BCP 47; a tag that nobody knows reads as English */
  format(locale: string): string {
    const { format, unit } = formatOf(locale, this.currency);
    return format.format(this.amountMinor / unit);
  }

  toJSON(): { amountMinor: number; currency: string } {
    return { amountMinor: this.amountMinor, currency: this.currency };
  }

  #sameAs({ amountMinor, currency }: Money): number {
    if (currency !== this.currency) throw new CurrencyMismatch(this.currency, currency);
    return amountMinor;
  }
}

interface MoneyFormat {
  readonly format: Intl.NumberFormat;
  /** Minor units in a major one. */
  readonly unit: number;
}

const formats = new Map<string, MoneyFormat>();

function formatOf(locale: string, currency: string): MoneyFormat {
  const key = `${locale} ${currency}`;
  let known = formats.get(key);
  if (!known) {
    const format = new Intl.NumberFormat(knownLocale(locale), { style: 'currency', currency });
    known = { format, unit: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
    formats.set(key, known);
  }
  return known;
}

function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}
