/**
 * How often each text was met: a table of numbers, because a million texts would not fit. Two texts out of a million count as one with
 * a chance of 1 to 18,000, and the same two in each run.
 */
export class Ordinals {
  #hashes = new Float64Array(1024);
  #counts = new Uint32Array(1024);
  #size = 0;

  /** 0 for a text that was never met. */
  countOf(text: string): number {
    return this.#counts[this.#slotOf(hash53(text))] ?? 0;
  }

  add(text: string): void {
    if (this.#size * 4 > this.#hashes.length * 3) this.#grow();
    const hash = hash53(text);
    const slot = this.#slotOf(hash);
    if (this.#counts[slot] === 0) this.#size++;
    this.#hashes[slot] = hash;
    this.#counts[slot]!++;
  }

  /** Where the hash stands, or would. */
  #slotOf(hash: number): number {
    const mask = this.#hashes.length - 1;
    let slot = hash % this.#hashes.length;
    while (this.#counts[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, counts] = [this.#hashes, this.#counts];
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#counts = new Uint32Array(hashes.length * 2);
    hashes.forEach((hash, index) => {
      if (counts[index] === 0) return;
      const slot = this.#slotOf(hash);
      this.#hashes[slot] = hash;
      this.#counts[slot] = counts[index]!;
    });
  }
}

/** cyrb53: 53 well-mixed bits, as many as a number holds. */
function hash53(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
