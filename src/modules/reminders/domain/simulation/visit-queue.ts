/** Who is to be looked at when: a binary heap, earliest first; of the same instant, in the order of their numbers. */
export class VisitQueue {
  readonly #heap: { readonly at: number; readonly who: number }[] = [];

  push(at: Date, who: number): void {
    const heap = this.#heap;
    let index = heap.push({ at: at.getTime(), who }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** When the next visit is. */
  get nextAt(): Date | undefined {
    return this.#heap[0] && new Date(this.#heap[0].at);
  }

  pop(): { readonly at: Date; readonly who: number } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return { at: new Date(first.at), who: first.who };
  }

  #sink(): void {
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let smallest = index;
      if (left < this.#heap.length && this.#isBefore(left, smallest)) smallest = left;
      if (right < this.#heap.length && this.#isBefore(right, smallest)) smallest = right;
      if (smallest === index) return;
      this.#swap(index, smallest);
      index = smallest;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a]!, this.#heap[b]!];
    return first.at !== second.at ? first.at < second.at : first.who < second.who;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
