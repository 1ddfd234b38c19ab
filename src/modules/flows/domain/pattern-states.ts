import type { RE2JS } from 're2js';
import { Automaton, FOUND, LOST, type Steps } from './automaton.js';
import { InstructionSet } from './instruction-set.js';
import { CHARACTER_KINDS, type CharacterKind, PLACES, type Program, programOf } from './pattern-program.js';
import type { Work } from './work.js';

/** How much an automaton may take to make. */
export interface AutomatonLimits {
  readonly states: number;
  /** Of a table: states by classes of characters. */
  readonly cells: number;
  /** Instructions that are looked at on the way, each time that they are. */
  readonly looks: number;
}

/** Where a text has led: the instructions that may be next, and what stands behind, where that matters to one of them. */
interface State {
  readonly at: InstructionSet;
  readonly behind: CharacterKind | 'begin';
}

/**
 * Makes all states of the automaton that reads texts for a pattern, be it to find the pattern in a text or to compare a whole text. Without a limit
 * there may be very many: `(a|b).{200}c` has to remember of each of the last 200 characters whether it was an `a` or `b`.
 * @returns undefined above the limits
 */
export function* automatonOf(pattern: RE2JS, limits: AutomatonLimits): Work<Automaton | undefined> {
  const program = yield* programOf(pattern, limits.looks);
  if (!program) return undefined;
  const part = yield* new States(program, 'part', limits).all();
  const whole = part && (yield* new States(program, 'whole', limits).all());
  return whole && new Automaton(program.characters, part, whole);
}

class States {
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();
  #looks = 0;

  constructor(
    private readonly program: Program,
    /** Whether a match may begin at any character and ends the search, or is the whole text. */
    private readonly match: 'part' | 'whole',
    private readonly limits: AutomatonLimits,
  ) {}

  *all(): Work<Steps | undefined> {
    const { first, through, classes } = this.program;
    const next: number[] = [];
    const mayEnd: number[] = [];
    this.#numberOf(first, 'begin');
    // What is found on the way is gone through as well.
    for (const state of this.#states) {
      const passed = new Map(CHARACTER_KINDS.map((kind) => [kind, this.#passed(state, kind)]));
      for (const { kind, readBy } of classes) next.push(this.#after(passed.get(kind)!, kind, readBy));
      mayEnd.push(Number(this.#passed(state, 'end').meets(through)));
      if (this.#isTooMuch(next.length)) return undefined;
      yield;
    }
    return { next: Uint16Array.from(next), mayEnd: Uint8Array.from(mayEnd) };
  }

  #after(at: InstructionSet, character: CharacterKind, readBy: InstructionSet): number {
    const { first, after, through } = this.program;
    if (this.match === 'part' && at.meets(through)) return FOUND;
    const following = InstructionSet.of(after.length);
    this.#looks++;
    for (const instruction of at.and(readBy)) {
      following.addAll(after[instruction]!);
      this.#looks++;
    }
    if (this.match === 'whole') return following.isEmpty ? LOST : this.#numberOf(following, character);
    following.addAll(first);
    return following.meets(through) ? FOUND : this.#numberOf(following, character);
  }

  /** The instructions that may be next, with those behind conditions that hold between the character behind and the one ahead. */
  #passed({ at, behind }: State, ahead: CharacterKind | 'end'): InstructionSet {
    const { conditional, conditions, after } = this.program;
    if (!at.meets(conditional)) return at;
    const here = placesBetween(behind, ahead);
    const passed = at.copy();
    for (let before = ''; before !== passed.name;) {
      before = passed.name;
      for (const instruction of [...passed.and(conditional)]) {
        this.#looks++;
        if ((conditions[instruction]! & ~here) === 0) passed.addAll(after[instruction]!);
      }
    }
    return passed;
  }

  #numberOf(at: InstructionSet, character: State['behind']): number {
    const behind = at.meets(this.program.conditional) ? character : 'other';
    const name = `${behind} ${at.name}`;
    const known = this.#numbers.get(name) ?? this.#states.length;
    if (known === this.#states.length) {
      this.#states.push({ at, behind });
      this.#numbers.set(name, known);
    }
    return known;
  }

  #isTooMuch(cells: number): boolean {
    const { limits } = this;
    return this.#states.length > limits.states || cells > limits.cells || this.#looks > limits.looks;
  }
}

function placesBetween(behind: State['behind'], ahead: CharacterKind | 'end'): number {
  const isBoundary = (behind === 'of words') !== (ahead === 'of words');
  return (
    (behind === 'begin' ? PLACES.beginOfText | PLACES.beginOfLine : 0) |
    (behind === 'line feed' ? PLACES.beginOfLine : 0) |
    (ahead === 'end' ? PLACES.endOfText | PLACES.endOfLine : 0) |
    (ahead === 'line feed' ? PLACES.endOfLine : 0) |
    (isBoundary ? PLACES.wordBoundary : PLACES.noWordBoundary)
  );
}
