import * as fc from 'fast-check';
import { RE2JS, RE2JSException } from 're2js';
import { effortOf } from './pattern-effort.js';

describe('What a pattern takes to compile is known before (F57)', () => {
  it.each([
    ['bill', 4],
    ['a{20}', 20],
    ['(?:ab){3,5}', 10],
    ['((a{9}){9}){9}', 909],
    ['[(]{3}', 3],
    ['[)]{3}\\){2}', 5],
    ['[]a{9}]{2}', 2],
    ['[[:alpha:]{9}]{2}', 2],
    ['\\x{1000}{2}', 2],
    ['\\Qa{9}\\E', 8],
    ['\\pL{30}', 41],
    ['[a-z]{30}', 60],
    ['[b-\\x{1e900}]', 1252],
  ])('%s', (source, effort) => {
    expect(effortOf(source)).toBe(effort);
  });

  it('is at least half of what is made, unless it is a few instructions', () => {
    const atom = fc.constantFrom('a', '.', '[ab]', '\\d', '[)(]', '[]]', '\\)', '\\pL', '(?i:x)', '(?P<n>y)', '|');
    const { source } = fc.letrec<{ source: string; piece: string }>((tie) => ({
      piece: fc.oneof({ maxDepth: 4, withCrossShrink: true }, atom, fc.tuple(tie('source'), count).map(grouped)),
      source: fc.array(tie('piece'), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
    }));
    fc.assert(
      fc.property(source, (pattern) => {
        try {
          const size = RE2JS.compile(pattern).programSize();
          expect(effortOf(pattern) * 2 + 10).toBeGreaterThanOrEqual(size / 2);
        } catch (error) {
          expect(error).toBeInstanceOf(RE2JSException);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const count = fc.constantFrom('', '{3}', '{2,5}', '{4,}', '*');
const grouped = ([inside, times]: [string, string]): string => `(${inside})${times}`;
