import * as fc from 'fast-check';
import { RegexRefused } from './flow-errors.js';
import { isWhole, occursIn, PATTERN_LIMITS, patternOf } from './patterns.js';

/** Patterns that keep a backtracking engine busy for longer than the universe lasts, from the literature on ReDoS. */
const SLOW_ELSEWHERE = [
  '(a+)+$',
  '(a|aa)+$',
  '(a|a?)+$',
  '([a-zA-Z]+)*$',
  '(.*a){20}',
  '(.*)(.*)(.*)(.*)(.*)(.*)x',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a?){30}a{30}',
  '(\\w+\\s?)*$',
  '^(\\d+)*$',
  '(x+x+)+y',
  '^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+.)+([a-zA-Z0-9]{2,4})+$',
  '(?:(?:a|b|ab)*c)*d',
  '\\s+$',
];

/** Patterns that keep an engine without backtracking busy: what they have read so far can be read in too many ways. */
const SLOW_HERE = [
  '([01]*1[01]{12})+z',
  '(\\pL{1,60}a){2}!',
  '[ab]*a[ab]{120}c',
  '(a|b).{200}c',
  'x(\\pL{1,60}a){2}!',
  '(?i)(a|b){1,60}a(a|b){60}',
];

const TEXTS = [
  'a'.repeat(65_536),
  `${'a'.repeat(65_535)}!`,
  '01'.repeat(32_768),
  ' '.repeat(65_536),
  'x'.repeat(65_536),
];

describe('A pattern of a rule is RE2, within limits (F57)', () => {
  it('comes to an end whatever the pattern and the text (F57)', () => {
    for (const pattern of SLOW_ELSEWHERE)
      for (const text of TEXTS) expect([true, false]).toContain(occursIn(pattern, text));
  });

  it.each([
    'a{50}'.repeat(101),
    '((a{100}){100})',
    '(a{1,1000}){2}',
    '.'.repeat(513),
    '(\\pL{300}|\\d{300})',
    '(((a{9}){9}){9}){9}',
  ])('refuses what is too big: %.30s', (pattern) => {
    expect(() => patternOf(pattern)).toThrow(RegexRefused);
  });

  it.each([
    '(a)\\1',
    '(?=a)b',
    '(?!a)b',
    '(?<=a)b',
    '(?<!a)b',
    '(?>a)',
    'a**',
    '(',
    '[z-a]',
    '',
    '(?<name>a)\\k<name>',
  ])('refuses what is no RE2, and says why: %s', (pattern) => {
    expect(() => patternOf(pattern)).toThrow(
      expect.objectContaining({
        code: 'REGEX_REFUSED',
        kind: 'meaning',
        extensions: { pattern, why: expect.any(String) },
      }),
    );
  });

  it.each(SLOW_HERE)('refuses what would need an automaton of too many states: %s (F57)', (pattern) => {
    expect(() => patternOf(pattern)).toThrow(/remember too much/);
  });

  it('answers as a backtracking engine does', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '1',
      '.',
      '[ab]',
      '\\d',
      '\\w',
      '\\b',
      '(?:a|b1)',
      '(ab?)',
      '\\s',
      '^',
      '$',
    );
    const many = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}');
    const source = fc
      .array(fc.tuple(piece, many), { minLength: 1, maxLength: 5 })
      .map((pieces) =>
        pieces
          .map(([one, times]) => (/[\^$b]$/.test(one) && one.length <= 2 && one !== 'b' ? one : one + times))
          .join(''),
      );
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', ' ', 'x'), maxLength: 12 });
    fc.assert(
      fc.property(source, text, (pattern, said) => {
        expect(occursIn(pattern, said)).toBe(new RegExp(pattern, 'i').test(said));
        expect(isWhole(pattern, said)).toBe(new RegExp(`^(?:${pattern})$`, 'i').test(said));
      }),
      { numRuns: 500 },
    );
  });

  it('does not tell small letters from capital ones, in any script', () => {
    expect(occursIn('bill|बिल', 'My BILL')).toBe(true);
    expect(occursIn('ΟΔΟΣ', 'οδος')).toBe(true);
    expect(occursIn('बिल', 'मेरा बिल')).toBe(true);
  });

  it('looks for a part, or at the whole', () => {
    expect(occursIn('[0-9]{4}', 'order 1234')).toBe(true);
    expect(isWhole('[0-9]{4}', 'order 1234')).toBe(false);
    expect(isWhole('[0-9]{4}', '1234')).toBe(true);
    expect(isWhole('a|ab', 'ab')).toBe(true);
    expect(isWhole('a*', 'a'.repeat(PATTERN_LIMITS.text + 1))).toBe(false);
  });

  it('looks at the beginning of long texts only', () => {
    const far = `${' '.repeat(PATTERN_LIMITS.text)}bill`;
    expect(occursIn('bill', far)).toBe(false);
  });

  it('takes what merchants write', () => {
    for (const pattern of [
      '^[A-Z]{5}[0-9]{4}[A-Z]$',
      '\\b(pay|paid)\\b.*\\d{1,6}',
      '^\\+?[0-9 ]{10,15}$',
      '.{1,200}',
      '(order|bill)\\s*#?\\d+',
      '\\d{2}[-/]\\d{2}[-/]\\d{4}',
    ])
      expect(patternOf(pattern).programSize()).toBeLessThanOrEqual(PATTERN_LIMITS.program);
  });
});
