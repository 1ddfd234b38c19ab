import { RE2JS, RE2JSException } from 're2js';
import { RegexRefused } from './flow-errors.js';
import { hasFewStates } from './pattern-states.js';

/** What a merchant's pattern may cost (F57). */
export const PATTERN_LIMITS = {
  /** Characters of the pattern. */
  length: 512,
  /** Instructions that it compiles to: `.{1,200}` has some 400. */
  program: 500,
  /** States of the automaton that reads texts for it. */
  states: 500,
  /** How far its repetitions count, multiplied: they may be nested. */
  repeat: 100_000,
  /** Characters of a text that patterns look at: 200 of them are to be tried within 10 ms. */
  text: 1024,
} as const;

/** Compiled patterns that are kept; the one that was used longest ago goes first. */
const KEPT = 1000;
const kept = new Map<string, RE2JS>();

/**
 * An RE2 pattern, which takes time in proportion to the text alone, whatever either says (F57). The difference of small and capital letters does
 * not count.
 * @throws RegexRefused when it is no RE2 (backreferences, lookarounds), or above the limits; compiled before it is kept
 */
export function patternOf(source: string): RE2JS {
  const known = kept.get(source);
  const pattern = known ?? compile(source);
  kept.delete(source);
  kept.set(source, pattern);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return pattern;
}

/** Whether the pattern is somewhere in the text. @throws RegexRefused */
export function occursIn(source: string, text: string): boolean {
  return patternOf(source).test(text.slice(0, PATTERN_LIMITS.text));
}

/** Whether the whole text is of the pattern; a longer text than is looked at is of none. @throws RegexRefused */
export function isWhole(source: string, text: string): boolean {
  return text.length <= PATTERN_LIMITS.text && patternOf(source).matches(text);
}

function compile(source: string): RE2JS {
  if (source === '') throw new RegexRefused(source, 'it is empty');
  if (source.length > PATTERN_LIMITS.length)
    throw new RegexRefused(source, `it has more than ${PATTERN_LIMITS.length} characters`);
  if (repetitions(source) > PATTERN_LIMITS.repeat)
    throw new RegexRefused(source, `its repetitions count to more than ${PATTERN_LIMITS.repeat}`);
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > PATTERN_LIMITS.program) throw new RegexRefused(source, 'it is too big');
    if (!hasFewStates(pattern, PATTERN_LIMITS.states))
      throw new RegexRefused(source, 'it has to remember too much of a text: count less, or write .* for a gap');
    return pattern;
  } catch (error) {
    if (error instanceof RE2JSException) throw new RegexRefused(source, error.message);
    throw error;
  }
}

/** All counts of a pattern multiplied: more than what nesting them makes, and known before anything is compiled. */
function repetitions(source: string): number {
  let product = 1;
  for (const [, least, most] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    product *= Math.max(1, Number(least), Number(most ?? 0));
  return product;
}
