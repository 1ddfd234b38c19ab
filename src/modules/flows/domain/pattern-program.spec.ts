import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { OPERATIONS, PLACES, type Undeclared } from './pattern-program.js';
import { automatonOf } from './pattern-states.js';
import { PATTERN_LIMITS } from './patterns.js';
import { atOnce } from './work.js';

const compiled = (source: string) => RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);

/** Of many scripts, and what patterns tell apart in them: letters, marks, figures, spaces, pictures beyond the first 65,536 characters. */
const CHARACTERS = [
  'a',
  'B',
  'z',
  '1',
  '_',
  ' ',
  '\n',
  'é',
  'ß',
  'ς',
  'Σ',
  'İ',
  'ж',
  'अ',
  'ि',
  '५',
  'ب',
  '٣',
  '漢',
  '가',
  '💰',
  '𝒜',
  '\u200d',
];

describe('The automaton of a pattern is the one of RE2JS (F57)', () => {
  it('RE2JS still has what is looked at', () => {
    const { prog, dfa } = compiled('^(a|\\b.*)|b$').re2() as unknown as Undeclared;
    const instructions = Array.from({ length: prog.numInst() }, (_, at) => prog.getInst(at));
    expect(new Set(instructions.map(({ op }) => op))).toEqual(
      new Set(
        Object.values(OPERATIONS).filter(
          (operation) => operation !== OPERATIONS.eitherOrThrough && operation !== OPERATIONS.nothing,
        ),
      ),
    );
    for (const { op, out, arg } of instructions) expect([op, out, arg].every(Number.isInteger)).toBe(true);
    expect(instructions[prog.start]).toBeDefined();
    const places = instructions.filter(({ op }) => op === OPERATIONS.condition).map(({ arg }) => arg);
    expect(places.sort()).toEqual([PLACES.wordBoundary, PLACES.beginOfText, PLACES.endOfText].sort());
    expect(Array.from(dfa.classBounds)).toContain('a'.codePointAt(0));
    const lines = compiled('(?m)^a\\B$').re2() as unknown as Undeclared;
    const asked = Array.from({ length: lines.prog.numInst() }, (_, at) => lines.prog.getInst(at)).filter(
      ({ op }) => op === OPERATIONS.condition,
    );
    expect(asked.map(({ arg }) => arg).sort()).toEqual(
      [PLACES.beginOfLine, PLACES.endOfLine, PLACES.noWordBoundary].sort(),
    );
    const [a] = Array.from({ length: prog.numInst() }, (_, at) => prog.getInst(at)).filter(
      ({ op }) => op >= OPERATIONS.readsFrom,
    );
    expect(a!.runes.length).toBeGreaterThan(0);
    expect(['a', 'A', 'b'].map((one) => a!.matchRune(one.codePointAt(0)!))).toEqual([true, true, false]);
  });

  it('what is repeated reads the very same characters', () => {
    const { prog } = compiled('\\pL{1,200}x').re2() as unknown as Undeclared;
    const instructions = Array.from({ length: prog.numInst() }, (_, at) => prog.getInst(at));
    const reading = instructions.filter(({ op }) => op >= OPERATIONS.readsFrom && op <= OPERATIONS.readsTo);
    expect(new Set(reading.map(({ runes }) => runes)).size).toBe(2);
  });

  it('finds what RE2JS finds, in any script (F57)', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        '.',
        '[a-z]',
        '[^a]',
        '\\d',
        '\\w',
        '\\W',
        '\\b',
        '\\B',
        '^',
        '$',
        '\\s',
        '\\pL',
        '\\PL',
        '\\pM',
        '\\pN',
        '\\p{Greek}',
      ],
      ...['[अ-ह]', 'σ', 'ß', '💰', '[^\\pL\\pM]', '(?:a|अ5)', '(?m:^)', '(?m:$)', '(?s:.)', '(?-i:B)', '\\x{1d49c}'],
    );
    const many = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '*?');
    const canRepeat = (one: string) => !/^(\\[bB]|\^|\$|\(\?m.*)$/.test(one);
    const source = fc
      .array(fc.tuple(piece, many), { minLength: 1, maxLength: 5 })
      .map((pieces) => pieces.map(([one, times]) => (canRepeat(one) ? one + times : one)).join(''));
    const text = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 });
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 5 }), (pattern, texts) => {
        const [known, automaton] = [
          compiled(pattern),
          atOnce(automatonOf(compiled(pattern), PATTERN_LIMITS.automaton))!,
        ];
        for (const said of ['', ...texts]) {
          expect(automaton.occursIn(said)).toBe(known.test(said));
          expect(automaton.isWhole(said)).toBe(known.matches(said));
        }
      }),
      { numRuns: 500 },
    );
  });
});
