import { setTimeout as delay } from 'node:timers/promises';

export interface Deadline {
  /** Milliseconds after which the test fails. */
  within: number;
}

/** Asks again until the answer is true (or any truthy value, which it returns); fails after the deadline with what it saw last. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { within }: Deadline = { within: 10_000 },
): Promise<NonNullable<T>> {
  const deadline = Date.now() + within;
  let last: unknown;
  do {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await delay(20);
  } while (Date.now() < deadline);
  const seen = last instanceof Error ? (last.stack ?? last.message) : JSON.stringify(last);
  throw new Error(`Not within ${within} ms: ${condition.toString()}\nlast: ${seen}`, { cause: last });
}
