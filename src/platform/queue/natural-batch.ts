/**
 * Collects what arrives while the last flush runs and flushes it as one: never by a timer, so a lone item waits for nothing and
 * a flood shares its round trips and commits (performance.md).
 */
export class NaturalBatch<Item, Result> {
  readonly #waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #flushing = 0;

  constructor(
    private readonly flush: (items: Item[]) => Promise<Result[]>,
    private readonly limits: { size: number; flushesInFlight: number } = { size: 1000, flushesInFlight: 1 },
  ) {}

  /** Resolves with the item's own result once the flush that carried it has succeeded. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#flushing >= this.limits.flushesInFlight || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, this.limits.size);
    this.#flushing++;
    this.flush(batch.map(({ item }) => item))
      .then(
        (results) => batch.forEach(({ resolve }, index) => resolve(results[index]!)),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        this.#flushing--;
        this.#next();
      });
  }
}
