/** Seconds after the first, second ... failure of a customer's message; one try more, and it is given up. */
export const MESSAGE_BACKOFF: readonly number[] = [1, 5, 30, 120];

/** The same for everything else that the provider tells: nobody waits for an answer to it. */
export const CHANGE_BACKOFF: readonly number[] = [1, 5, 30, 120, 600, 3600];
