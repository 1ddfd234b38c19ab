/** Work that may be left for a while wherever it yields, so that nobody waits for the whole of it (F57). */
export type Work<Result = void> = Generator<void, Result, undefined>;

/** Does it in one go. */
export function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
