/** How much of one customer's writing automation takes (S3.41, S3.44, C37). */
const LIMITS = [
  { messages: 5, withinMs: 1000 },
  { messages: 30, withinMs: 60_000 },
];
const LONGEST_MS = 60_000;
const NOTICE_EVERY_MS = 60_000;

/** What automation has taken of a customer lately. Instants are the provider's, so that a backlog is judged by when it was written. */
export interface AutomationAllowance {
  /** Ascending; those of the last minute. */
  readonly tookAt: readonly Date[];
  /** When the customer was last told that they write too fast. */
  readonly noticeAt: Date | undefined;
}

/** Takes a message written at `at`, if it is within the limits. @returns the allowance after it, or undefined when it is over */
export function take({ tookAt, noticeAt }: AutomationAllowance, at: Date): AutomationAllowance | undefined {
  // A message that overtook an earlier one does not open the windows behind it again.
  const now = Math.max(at.getTime(), tookAt.at(-1)?.getTime() ?? -Infinity);
  const isOver = LIMITS.some(
    ({ messages, withinMs }) => tookAt.filter((took) => now - took.getTime() < withinMs).length >= messages,
  );
  if (isOver) return undefined;
  return { tookAt: [...tookAt.filter((took) => now - took.getTime() < LONGEST_MS), new Date(now)], noticeAt };
}

/** Tells the customer, unless they were told within the last minute. @returns the allowance after it, or undefined when nothing is to be said */
export function notice({ tookAt, noticeAt }: AutomationAllowance, at: Date): AutomationAllowance | undefined {
  if (noticeAt && at.getTime() - noticeAt.getTime() < NOTICE_EVERY_MS) return undefined;
  return { tookAt, noticeAt: at };
}
