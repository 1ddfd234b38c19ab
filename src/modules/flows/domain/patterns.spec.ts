import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { RegexRefused } from './flow-errors.js';
import { compiling, isWhole, occursIn, PATTERN_LIMITS, patternOf } from './patterns.js';

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

const occurs = (source: string, text: string) => occursIn(patternOf(source), text);
const isAll = (source: string, text: string) => isWhole(patternOf(source), text);

describe('A pattern of a rule is RE2, within limits (F57)', () => {
  it('comes to an end whatever the pattern and the text (F57)', () => {
    for (const pattern of SLOW_ELSEWHERE)
      for (const text of TEXTS) expect([true, false]).toContain(occurs(pattern, text));
  });

  it.each([`(${'a?'.repeat(250)}){1000}`, '[b-𞤀]'.repeat(85), `(${'a'.repeat(500)}){500}`])(
    'does not begin to compile what would take long: %.20s (F57)',
    (pattern) => {
      const compile = jest.spyOn(RE2JS, 'compile');
      expect(() => patternOf(pattern)).toThrow(/too big/);
      expect(compile).not.toHaveBeenCalled();
      compile.mockRestore();
    },
  );

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

  it('takes little memory, however many letters the world has (F57)', () => {
    for (const pattern of ['\\pL{1,30}x', '\\b[\\pL\\pM]+ \\pN{1,20}$', '[^\\pL\\pZ]{1,40}', '(?:\\pL+ ){3}'])
      expect(patternOf(pattern).bytes).toBeLessThan(128 * 1024);
  });

  it('lets others go on while it compiles one, and knows afterwards what came of it (F57)', () => {
    const steps = (source: string) => {
      let steps = 0;
      try {
        const work = compiling(source);
        while (!work.next().done) steps++;
      } catch (error) {
        expect(error).toBeInstanceOf(RegexRefused);
      }
      return steps;
    };
    for (const pattern of ['\\pL{1,20}y', '(b|c).{200}a']) {
      expect(steps(pattern)).toBeGreaterThan(50);
      expect(steps(pattern)).toBe(0);
    }
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
        expect(occurs(pattern, said)).toBe(new RegExp(pattern, 'i').test(said));
        expect(isAll(pattern, said)).toBe(new RegExp(`^(?:${pattern})$`, 'i').test(said));
      }),
      { numRuns: 500 },
    );
  });

  it('does not tell small letters from capital ones, in any script', () => {
    expect(occurs('bill|बिल', 'My BILL')).toBe(true);
    expect(occurs('ΟΔΟΣ', 'οδος')).toBe(true);
    expect(occurs('बिल', 'मेरा बिल')).toBe(true);
  });

  it('looks for a part, or at the whole', () => {
    expect(occurs('[0-9]{4}', 'order 1234')).toBe(true);
    expect(isAll('[0-9]{4}', 'order 1234')).toBe(false);
    expect(isAll('[0-9]{4}', '1234')).toBe(true);
    expect(isAll('a|ab', 'ab')).toBe(true);
    expect(isAll('a*', 'a'.repeat(PATTERN_LIMITS.text + 1))).toBe(false);
  });

  it('looks at the beginning of long texts only', () => {
    const far = `${' '.repeat(PATTERN_LIMITS.text)}bill`;
    expect(occurs('bill', far)).toBe(false);
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
      expect(patternOf(pattern).bytes).toBeLessThan(50_000);
  });
});
