/** Some of the instructions that a pattern compiles to, by their numbers: a bit each. */
export class InstructionSet {
  private constructor(private readonly words: Uint32Array) {}

  /** An empty one. @param size how many instructions there are */
  static of(size: number): InstructionSet {
    return new InstructionSet(new Uint32Array(Math.ceil(size / 32)));
  }

  copy(): InstructionSet {
    return new InstructionSet(this.words.slice());
  }

  has(instruction: number): boolean {
    return (this.words[instruction >>> 5]! & (1 << instruction)) !== 0;
  }

  add(instruction: number): void {
    this.words[instruction >>> 5]! |= 1 << instruction;
  }

  addAll(other: InstructionSet): void {
    const words = other.words;
    for (let at = 0; at < words.length; at++) this.words[at]! |= words[at]!;
  }

  get isEmpty(): boolean {
    for (const word of this.words) if (word !== 0) return false;
    return true;
  }

  meets(other: InstructionSet): boolean {
    const words = other.words;
    for (let at = 0; at < words.length; at++) if ((this.words[at]! & words[at]!) !== 0) return true;
    return false;
  }

  /** Those that are in both. */
  *and(other: InstructionSet): Generator<number, void, undefined> {
    const words = other.words;
    for (let at = 0; at < words.length; at++)
      for (let both = this.words[at]! & words[at]!; both !== 0; both &= both - 1)
        yield (at << 5) + 31 - Math.clz32(both & -both);
  }

  /** The same text for the same set. */
  get name(): string {
    return String.fromCharCode(...new Uint16Array(this.words.buffer));
  }
}
