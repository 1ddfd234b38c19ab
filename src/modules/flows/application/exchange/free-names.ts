/** Longest key and id. */
const LONGEST = 64;

/** Names for newcomers: their own where it is free, else the same with a number behind it. */
export class FreeNames {
  readonly #taken: Set<string>;
  readonly #given = new Map<string, string>();

  /** @param wanted of all newcomers: none of them is given to another */
  constructor(taken: Iterable<string>, wanted: Iterable<string>) {
    const known = new Set(taken);
    this.#taken = new Set([...known, ...wanted]);
    for (const name of new Set(wanted)) if (known.has(name)) this.#given.set(name, this.#next(name));
  }

  /** Those that have another name now. */
  get renamed(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#given);
  }

  of(name: string): string {
    return this.#given.get(name) ?? name;
  }

  #next(name: string): string {
    for (let number = 2; ; number++) {
      const end = `_${number}`;
      const candidate = name.slice(0, LONGEST - end.length) + end;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return candidate;
    }
  }
}
