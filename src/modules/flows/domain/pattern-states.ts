import type { RE2JS } from 're2js';

/** What RE2JS knows of the automaton that reads a text for a pattern; its declarations leave most of it open. */
interface Automaton {
  readonly prog: { numInst(): number; getInst(at: number): Instruction };
  /** First characters of the classes that it tells apart, without the first class, which begins at 0. */
  readonly classBounds: ArrayLike<number>;
  start(input: { context(): number }, at: number): State | null;
  step(state: State, characters: number, character: number, anchor: number): State | null;
}
interface Instruction {
  readonly op: number;
  readonly arg: number;
  readonly runes: ArrayLike<number>;
  matchRune(character: number): boolean;
}
interface State {
  readonly isMatch: boolean;
}

/** RE2JS's own numbers: where a match may begin and end, what stands before a text, and which instructions read a character. */
const [UNANCHORED, ANCHOR_BOTH] = [0, 2];
const BEGIN_OF_TEXT = 0b101;
const [FIRST_READING, LAST_READING] = [8, 11];
const LINE_FEED = 10;

/**
 * Whether the automaton that reads texts for a pattern has at most so many states, be it to find the pattern in a text or to compare a whole
 * text. Then each character costs one look into a table, whatever the text says. Without that bound a character may cost as much as the pattern
 * is long: `(a|b).{200}c` has to remember of each of the last 200 characters whether it was an `a` or `b`. All states are made on the way.
 */
export function hasFewStates(pattern: RE2JS, most: number): boolean {
  const automaton = pattern.re2().dfa as Automaton;
  const start = automaton.start({ context: () => BEGIN_OF_TEXT }, 0);
  if (!start) return false;
  const characters = differentCharacters(automaton);
  return [UNANCHORED, ANCHOR_BOTH].every((anchor) => isExhausted(automaton, start, characters, anchor, most));
}

function isExhausted(
  automaton: Automaton,
  start: State,
  characters: readonly (readonly [characters: number, first: number])[],
  anchor: number,
  most: number,
): boolean {
  const known = new Set([start]);
  const open = [start];
  for (let state = open.pop(); state; state = open.pop())
    for (const [ofClass, first] of characters) {
      const next = automaton.step(state, ofClass, first, anchor);
      if (!next) return false;
      // A text is read no further once the pattern is found in it.
      if (known.has(next) || (anchor === UNANCHORED && next.isMatch)) continue;
      if (known.size === most) return false;
      known.add(next);
      open.push(next);
    }
  return true;
}

/** Of all classes that the same instructions read, one: letters of all scripts make hundreds that no instruction tells apart. */
function differentCharacters({ prog, classBounds }: Automaton): [characters: number, first: number][] {
  const instructions = new Map<string, Instruction>();
  for (let at = 0; at < prog.numInst(); at++) {
    const instruction = prog.getInst(at);
    if (instruction.op >= FIRST_READING && instruction.op <= LAST_READING)
      instructions.set(`${instruction.arg} ${Array.from(instruction.runes).join()}`, instruction);
  }
  const different = new Map<string, [number, number]>();
  [0, ...Array.from(classBounds)].forEach((first, ofClass) => {
    const readBy = [...instructions.values()].map((instruction) => Number(instruction.matchRune(first))).join('');
    const name = `${readBy} ${first === LINE_FEED} ${isWordCharacter(first)}`;
    if (!different.has(name)) different.set(name, [ofClass, first]);
  });
  return [...different.values()];
}

function isWordCharacter(character: number): boolean {
  return character < 128 && /\w/.test(String.fromCharCode(character));
}
