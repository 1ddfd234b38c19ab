import { RE2JS, RE2JSException } from 're2js';
import type { Automaton } from './automaton.js';
import { RegexRefused } from './flow-errors.js';
import { effortOf } from './pattern-effort.js';
import { automatonOf } from './pattern-states.js';
import { atOnce, type Work } from './work.js';

/** What a merchant's pattern may cost (F57). */
export const PATTERN_LIMITS = {
  /** Characters of the pattern. */
  length: 512,
  /** Instructions that it compiles to: `.{1,200}` has some 400. */
  program: 500,
  /** What the automaton may take that reads texts for it. */
  automaton: { states: 500, cells: 32_768, looks: 300_000 },
  /** What it may take to compile, in one go: see `effortOf`. */
  effort: 4000,
  /** Characters of a text that patterns look at: 200 of them are to be tried within 10 ms. */
  text: 1024,
} as const;

/** Bytes of patterns and refusals that are remembered: the next version of a flow has nearly the same. What was used longest ago goes first. */
const KEPT = 32 * 2 ** 20;
const kept = new Map<string, Automaton | Refusal>();
let weight = 0;

/** Why a pattern is refused. */
type Refusal = string;

/**
 * Compiles an RE2 pattern, which takes time in proportion to the text alone, whatever either says (F57). The difference of small and capital
 * letters does not count.
 * @throws RegexRefused when it is no RE2 (backreferences, lookarounds), or above the limits
 */
export function* compiling(source: string): Work<Automaton> {
  const pattern = kept.get(source) ?? (yield* compile(source));
  remember(source, pattern);
  if (typeof pattern === 'string') throw new RegexRefused(source, pattern);
  return pattern;
}

/** The same in one go. @throws RegexRefused */
export function patternOf(source: string): Automaton {
  return atOnce(compiling(source));
}

/** Whether the pattern is somewhere in the text. */
export function occursIn(pattern: Automaton, text: string): boolean {
  return pattern.occursIn(text.slice(0, PATTERN_LIMITS.text));
}

/** Whether the whole text is of the pattern; a longer text than is looked at is of none. */
export function isWhole(pattern: Automaton, text: string): boolean {
  return text.length <= PATTERN_LIMITS.text && pattern.isWhole(text);
}

function* compile(source: string): Work<Automaton | Refusal> {
  if (source === '') return 'it is empty';
  if (source.length > PATTERN_LIMITS.length) return `it has more than ${PATTERN_LIMITS.length} characters`;
  if (effortOf(source) > PATTERN_LIMITS.effort) return 'it is too big';
  const pattern = read(source);
  if (typeof pattern === 'string') return pattern;
  if (pattern.programSize() > PATTERN_LIMITS.program) return 'it is too big';
  yield;
  const automaton = yield* automatonOf(pattern, PATTERN_LIMITS.automaton);
  return automaton ?? 'it has to remember too much of a text: count less, or write .* for a gap';
}

function read(source: string): RE2JS | Refusal {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (error instanceof RE2JSException) return error.message;
    throw error;
  }
}

function remember(source: string, pattern: Automaton | Refusal): void {
  if (!kept.delete(source)) weight += weightOf(source, pattern);
  kept.set(source, pattern);
  for (const [oldest, old] of kept) {
    if (weight <= KEPT) return;
    kept.delete(oldest);
    weight -= weightOf(oldest, old);
  }
}

function weightOf(source: string, pattern: Automaton | Refusal): number {
  return 2 * source.length + (typeof pattern === 'string' ? 2 * pattern.length : pattern.bytes);
}
