const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Of more lanes that fail at a time the longest known are forgotten: they begin with a short wait again. */
const REMEMBERED = 10_000;

/** The lanes of one kind whose drain failed in this process: how often in a row, and how long each waits for its next turn. */
export class Setbacks {
  readonly #inARow = new Map<string, number>();
  #total = 0;

  /** All failures since the process began. */
  get total(): number {
    return this.#total;
  }

  /** The lane's drain has failed. @returns milliseconds until it is tried again: each time twice as many, up to a minute */
  add(key: string): number {
    this.#total++;
    const before = this.#inARow.get(key) ?? 0;
    this.#inARow.delete(key);
    this.#inARow.set(key, before + 1);
    const [longestKnown] = this.#inARow.keys();
    if (this.#inARow.size > REMEMBERED) this.#inARow.delete(longestKnown!);
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** before);
  }

  /** The lane's drain has ended well. */
  clear(key: string): void {
    this.#inARow.delete(key);
  }
}
