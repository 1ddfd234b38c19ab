/** In place of a state: the pattern has been found, or cannot be any more. */
export const [FOUND, LOST] = [0xffff, 0xfffe];

/** What an automaton does, beginning in state 0. */
export interface Steps {
  /** The next state, by state and class of the character that is read: one row a state. */
  readonly next: Uint16Array;
  /** By state: 1 where the text may end. */
  readonly mayEnd: Uint8Array;
}

/** Characters that a pattern does not tell apart, by class. */
export class CharacterClasses {
  /** By 256 characters: the last range that begins before them. */
  readonly #pages: Uint16Array;
  /** Classes of the first 256, to be looked up at once. */
  readonly #latin: Uint16Array;

  /**
   * @param count how many classes there are
   * @param firsts where each range of characters begins, the first at 0
   * @param classes the class of each range
   */
  constructor(
    readonly count: number,
    private readonly firsts: Int32Array,
    private readonly classes: Uint16Array,
  ) {
    let range = 0;
    this.#pages = Uint16Array.from({ length: 257 }, (_, page) => {
      while (firsts[range + 1]! <= page * 256) range++;
      return range;
    });
    this.#latin = Uint16Array.from({ length: 256 }, (_, character) => this.#find(character));
  }

  get bytes(): number {
    return this.firsts.byteLength + this.classes.byteLength + this.#pages.byteLength + this.#latin.byteLength;
  }

  of(character: number): number {
    return character < 256 ? this.#latin[character]! : this.#find(character);
  }

  #find(character: number): number {
    const page = Math.min(character >>> 8, 256);
    let from = this.#pages[page]!;
    let to = page < 256 ? this.#pages[page + 1]! + 1 : this.firsts.length;
    while (to - from > 1) {
      const middle = (from + to) >>> 1;
      if (this.firsts[middle]! <= character) from = middle;
      else to = middle;
    }
    return this.classes[from]!;
  }
}

/** Objects beside the tables. */
const OVERHEAD = 500;

/** Reads a text from left to right, and looks into a table once a character: what a text says makes no difference to the time it takes (F57). */
export class Automaton {
  constructor(
    private readonly classes: CharacterClasses,
    private readonly part: Steps,
    private readonly whole: Steps,
  ) {}

  /** About what it takes in memory; it never grows. */
  get bytes(): number {
    const tables = [this.part.next, this.part.mayEnd, this.whole.next, this.whole.mayEnd];
    return tables.reduce((sum, { byteLength }) => sum + byteLength, this.classes.bytes + OVERHEAD);
  }

  /** Whether the pattern is somewhere in the text. */
  occursIn(text: string): boolean {
    return this.#read(this.part, text);
  }

  /** Whether the whole text is of the pattern. */
  isWhole(text: string): boolean {
    return this.#read(this.whole, text);
  }

  #read({ next, mayEnd }: Steps, text: string): boolean {
    const { count } = this.classes;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.codePointAt(at)!;
      if (character > 0xffff) at++;
      state = next[state * count + this.classes.of(character)]!;
      if (state >= LOST) return state === FOUND;
    }
    return mayEnd[state] === 1;
  }
}
