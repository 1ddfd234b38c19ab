import { RegexRefused } from './flow-errors.js';
import { isWhole, occursIn, PATTERN_LIMITS, patternOf } from './patterns.js';

/** Patterns that keep a backtracking engine busy for longer than the universe lasts, from the literature on ReDoS. */
const EVIL = [
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
  '([01]*1[01]{12})+z',
  '^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+.)+([a-zA-Z0-9]{2,4})+$',
  '(?:(?:a|b|ab)*c)*d',
  '\\s+$',
  '(\\pL{3,20}){3}!',
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
    for (const pattern of EVIL) for (const text of TEXTS) expect([true, false]).toContain(occursIn(pattern, text));
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
