/** How the keys of automatic messages begin (S2.68), and nobody else's: with one of theirs, somebody's message would stand for the answer to a customer. */
export const AUTOMATIC_KEYS = 'auto-';

/** The key of an automatic message. @param once what it is the answer to, the reminder of: `reply:<wamid>` */
export function automaticKey(once: string): string {
  return AUTOMATIC_KEYS + once;
}
