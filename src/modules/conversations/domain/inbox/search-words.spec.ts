import fc from 'fast-check';
import { containing, digitsIn, excerptOf, SearchTooShort, searchWords } from './search-words.js';

describe('What somebody searches the inbox for (S1.33)', () => {
  it('has three characters at least, whatever stands around them', () => {
    expect(searchWords('  rao ')).toBe('rao');
    expect(() => searchWords(' ra ')).toThrow(SearchTooShort);
  });

  it('is looked for as it stands: no character of it is a wildcard', () => {
    const like = (text: string, pattern: string): boolean =>
      new RegExp(
        `^${pattern.replace(
          /\\(.)|([%_])|([^])/g,
          (_, escaped: string | undefined, wild: string | undefined, plain: string | undefined) =>
            wild ? (wild === '%' ? '[^]*' : '[^]') : (escaped ?? plain!).replace(/[^a-z]/g, '\\$&'),
        )}$`,
      ).test(text);
    const characters = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\'), maxLength: 6 });
    fc.assert(
      fc.property(characters, characters, (text, words) => {
        expect(like(text, containing(words))).toBe(text.includes(words));
      }),
    );
  });

  it.each([
    ['+91 98765-43210', '919876543210'],
    ['(0987) 65', '98765'],
    ['0091 987', '91987'],
    ['98 7', '987'],
    ['house 12', undefined],
    ['00 1', undefined],
  ])('is a number when it is typed like one: %s', (typed, digits) => {
    expect(digitsIn(typed)).toBe(digits);
  });

  it('is shown with what stands around it', () => {
    expect(excerptOf(`${'a '.repeat(60)}Payment received${' b'.repeat(60)}`, 'payment')).toMatch(
      /^….*Payment received.*…$/,
    );
    expect(excerptOf('Payment\nreceived', 'rec')).toBe('Payment received');
  });
});
