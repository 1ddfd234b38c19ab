import type { RE2JS } from 're2js';
import { CharacterClasses } from './automaton.js';
import { InstructionSet } from './instruction-set.js';
import type { Work } from './work.js';

/** What a pattern compiles to. An instruction reads a character, or holds at some places of a text only, or says that the pattern is through. */
export interface Program {
  /** The instructions that a text meets first. */
  readonly first: InstructionSet;
  /** By instruction: those that come after it. */
  readonly after: readonly InstructionSet[];
  readonly through: InstructionSet;
  readonly conditional: InstructionSet;
  /** By instruction: bits of `PLACES` that have to hold. */
  readonly conditions: readonly number[];
  readonly characters: CharacterClasses;
  readonly classes: readonly CharacterClass[];
}

export interface CharacterClass {
  readonly kind: CharacterKind;
  /** The instructions that read such a character. */
  readonly readBy: InstructionSet;
}
/** What conditions tell apart. */
export const CHARACTER_KINDS = ['line feed', 'of words', 'other'] as const;
export type CharacterKind = (typeof CHARACTER_KINDS)[number];

/** Places of a text that conditions ask for, as RE2JS numbers them. */
export const PLACES = {
  beginOfLine: 1,
  endOfLine: 2,
  beginOfText: 4,
  endOfText: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;

/** Instructions as RE2JS numbers them; from `readsFrom` to `readsTo` they read a character. */
export const OPERATIONS = {
  either: 1,
  eitherOrThrough: 2,
  capture: 3,
  condition: 4,
  fail: 5,
  through: 6,
  nothing: 7,
  readsFrom: 8,
  readsTo: 11,
} as const;

/** What RE2JS holds and does not declare; `pattern-program.spec.ts` fails when it does not any more. */
export interface Undeclared {
  readonly prog: { readonly start: number; numInst(): number; getInst(at: number): Instruction };
  /** First characters of the classes that RE2JS tells apart, without the first class, which begins at 0. */
  readonly dfa: { readonly classBounds: ArrayLike<number> };
}
interface Instruction {
  readonly op: number;
  readonly out: number;
  /** The other way of an `either`, the places of a `condition`. */
  readonly arg: number;
  readonly runes: ArrayLike<number>;
  matchRune(character: number): boolean;
}

/** Reads the program that RE2JS made of a pattern. @returns undefined when that would take more looks at characters than `most` */
export function* programOf(pattern: RE2JS, most: number): Work<Program | undefined> {
  const { prog, dfa } = pattern.re2() as unknown as Undeclared;
  const instructions = Array.from({ length: prog.numInst() }, (_, at) => prog.getInst(at));
  const setOf = (isIn: (instruction: Instruction) => boolean): InstructionSet => {
    const set = InstructionSet.of(instructions.length);
    for (const [at, instruction] of instructions.entries()) if (isIn(instruction)) set.add(at);
    return set;
  };
  const conditional = setOf(({ op }) => op === OPERATIONS.condition);
  const after = [];
  for (const { op, out } of instructions) {
    after.push(op === OPERATIONS.condition || reads(op) ? reached(instructions, out) : InstructionSet.of(0));
    yield;
  }
  const told = yield* differentCharacters(
    instructions,
    [0, ...Array.from(dfa.classBounds)],
    !conditional.isEmpty,
    most,
  );
  return (
    told && {
      ...told,
      first: reached(instructions, prog.start),
      after,
      through: setOf(({ op }) => op === OPERATIONS.through),
      conditional,
      conditions: instructions.map(({ arg }) => arg),
    }
  );
}

function reads(operation: number): boolean {
  return operation >= OPERATIONS.readsFrom && operation <= OPERATIONS.readsTo;
}

/** What comes at an instruction before anything is read or asked. */
function reached(instructions: readonly Instruction[], from: number): InstructionSet {
  const [seen, found] = [InstructionSet.of(instructions.length), InstructionSet.of(instructions.length)];
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const { op, out, arg } = instructions[at]!;
    if (op === OPERATIONS.either || op === OPERATIONS.eitherOrThrough) open.push(out, arg);
    else if (op === OPERATIONS.capture || op === OPERATIONS.nothing) open.push(out);
    else if (op === OPERATIONS.condition || op === OPERATIONS.through || reads(op)) found.add(at);
    else if (op !== OPERATIONS.fail) throw new Error(`RE2JS has an instruction that is not known here: ${op}`);
  }
  return found;
}

/** Classes that the same instructions read are one: letters of all scripts make hundreds that no instruction tells apart. */
function* differentCharacters(
  instructions: readonly Instruction[],
  firsts: readonly number[],
  hasConditions: boolean,
  most: number,
): Work<Pick<Program, 'characters' | 'classes'> | undefined> {
  const alike = readersAlike(instructions);
  if (alike.length * firsts.length > most) return undefined;
  const names = new Map<string, number>();
  const classes: CharacterClass[] = [];
  const ranges: { first: number; class: number }[] = [];
  for (const first of firsts) {
    const readers = alike.filter(([at]) => instructions[at!]!.matchRune(first));
    const kind = hasConditions ? kindOf(first) : 'other';
    const name = `${kind} ${readers.map(([at]) => at).join()}`;
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    if (known === classes.length) {
      const readBy = InstructionSet.of(instructions.length);
      for (const at of readers.flat()) readBy.add(at);
      classes.push({ kind, readBy });
    }
    if (ranges.at(-1)?.class !== known) ranges.push({ first, class: known });
    yield;
  }
  const characters = new CharacterClasses(
    classes.length,
    Int32Array.from(ranges, ({ first }) => first),
    Uint16Array.from(ranges, (range) => range.class),
  );
  return { characters, classes };
}

/** Numbers of instructions that read the same: what is repeated is compiled again, with the very same characters. */
function readersAlike(instructions: readonly Instruction[]): readonly (readonly number[])[] {
  const alike = new Map<ArrayLike<number>, number[]>();
  for (const [at, { op, runes }] of instructions.entries()) {
    if (!reads(op)) continue;
    const known = alike.get(runes);
    if (known) known.push(at);
    else alike.set(runes, [at]);
  }
  return [...alike.values()];
}

function kindOf(character: number): CharacterKind {
  if (character === 10) return 'line feed';
  return character < 128 && /\w/.test(String.fromCharCode(character)) ? 'of words' : 'other';
}
