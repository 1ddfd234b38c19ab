import fc from 'fast-check';
import { CurrencyMismatch, InvalidMoney, Money } from './money.js';

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const inr = (minor: number): Money => Money.of(minor, 'INR');

describe('Money is counted in whole minor units of one currency (S0.94)', () => {
  it('what is added can be taken away again, in any order', () => {
    fc.assert(
      fc.property(amount, amount, amount, (a, b, c) => {
        expect(inr(a).plus(inr(b)).minus(inr(b)).equals(inr(a))).toBe(true);
        expect(
          inr(a)
            .plus(inr(b))
            .plus(inr(c))
            .equals(inr(c).plus(inr(a)).plus(inr(b))),
        ).toBe(true);
        expect(inr(a).plus(inr(a).negated()).isZero).toBe(true);
        expect(inr(a).min(inr(b)).amountMinor).toBe(Math.min(a, b));
        expect(inr(a).isMoreThan(inr(b))).toBe(a > b);
      }),
    );
  });

  it('refuses what is no whole amount, no currency, or more than can be counted', () => {
    for (const wrong of [0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])
      expect(() => Money.of(wrong, 'INR')).toThrow(InvalidMoney);
    for (const wrong of ['inr', 'RS', '₹', 'RUPEE', '']) expect(() => Money.of(1, wrong)).toThrow(InvalidMoney);
    expect(() => inr(Number.MAX_SAFE_INTEGER).plus(inr(1))).toThrow(InvalidMoney);
  });

  it('amounts of two currencies never meet', () => {
    const euro = Money.of(100, 'EUR');
    for (const meet of [
      () => inr(1).plus(euro),
      () => inr(1).minus(euro),
      () => inr(1).min(euro),
      () => inr(1).isMoreThan(euro),
    ])
      expect(meet).toThrow(CurrencyMismatch);
    expect(inr(100).equals(euro)).toBe(false);
  });

  it('knows no negative nothing', () => {
    expect(Object.is(inr(-0).amountMinor, 0)).toBe(true);
    expect(Object.is(inr(0).negated().amountMinor, 0)).toBe(true);
  });

  it('reads as people write it, whatever the number of minor digits', () => {
    expect(inr(500_000).format('en-IN')).toBe('₹5,000.00');
    expect(inr(12_345_678).format('en-IN')).toBe('₹1,23,456.78');
    expect(Money.of(500, 'JPY').format('en')).toBe('¥500');
    expect(Money.of(1234, 'KWD').format('en').replace(/\s/u, ' ')).toBe('KWD 1.234');
    expect(inr(-100).format('en-IN')).toBe('-₹1.00');
  });

  it('reads a language of Meta’s, and as English in one that nobody knows', () => {
    expect(inr(100).format('en_US')).toBe('₹1.00');
    expect(inr(100).format('not a language')).toBe('₹1.00');
  });

  it('is an amount and a currency on the wire', () => {
    expect(JSON.parse(JSON.stringify(inr(5)))).toEqual({ amountMinor: 5, currency: 'INR' });
  });
});
