import fc from 'fast-check';
import { isUnitOf, majorUnits, minorUnits, readAmount } from './amount.js';

const inMinor = (text: string, currency = 'INR'): number | undefined => {
  const written = readAmount(text);
  return written && minorUnits(written, currency);
};

describe('An amount is read as people write it, and never through a float (S0.94)', () => {
  it.each([
    ['5000', 5000_00],
    ['5,000.00', 5000_00],
    ['1,23,456.50', 123456_50],
    ['123,456.5', 123456_50],
    ['1.234,56', 1234_56],
    ['1.234.567', 1234567_00],
    ['12,50', 12_50],
    ['1 234,56', 1234_56],
    ["1'234.56", 1234_56],
    ['.50', 50],
    ['₹ 500', 500_00],
    ['Rs. 500/-', 500_00],
    ['500 INR', 500_00],
    ['५००', undefined],
    ['-5', -5_00],
    ['₹-5', -5_00],
    ['0.1', 10],
    ['1.2300', 1_23],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', undefined],
    ['1.234', undefined],
    ['5.000', undefined],
    ['1,2345', undefined],
    ['12,34,56', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['.', undefined],
    ['1..2', undefined],
    ['five', undefined],
    ['1'.repeat(51), undefined],
  ])('%s', (text, minor) => {
    expect(inMinor(text)).toBe(minor);
  });

  it.each([
    ['JPY', '1,234', 1234],
    ['JPY', '1234.00', 1234],
    ['JPY', '1234.5', undefined],
    ['KWD', '1.234', 1234],
  ])('%s has its own decimals: %s', (currency, text, minor) => {
    expect(inMinor(text, currency)).toBe(minor);
  });

  it('comes back from how a file says it', () => {
    const currency = fc.constantFrom('INR', 'EUR', 'JPY', 'KWD', 'USD');
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
        expect(inMinor(majorUnits(minor, code), code)).toBe(minor);
      }),
    );
  });

  it('comes back from how any country writes it', () => {
    const locale = fc.constantFrom('en-IN', 'en-US', 'fr-FR', 'hi-IN', 'de-CH', 'de-DE');
    fc.assert(
      fc.property(fc.nat({ max: 1e12 }), locale, (minor, tag) => {
        const text = new Intl.NumberFormat(tag, { style: 'currency', currency: 'INR' }).format(minor / 100);
        expect({ text, minor: inMinor(text) }).toEqual({ text, minor });
      }),
    );
  });

  it('may be anything at all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(() => inMinor(text)).not.toThrow()));
  });

  it.each([
    ['₹', 'INR', true],
    ['Rs.', 'INR', true],
    ['inr', 'INR', true],
    ['$', 'INR', false],
    ['USD', 'INR', false],
    ['€', 'EUR', true],
  ])('%s beside an amount of %s: %s', (unit, currency, is) => {
    expect(isUnitOf(unit, currency)).toBe(is);
  });
});
