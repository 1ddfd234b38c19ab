/**
 * Why automation is silent. `person`: somebody of the merchant's took over; `flow`: the merchant's flow left the conversation to people;
 * `loop`: automation seems to talk to another program.
 */
export const SILENCE_REASONS = ['person', 'flow', 'loop'] as const;
export type SilenceReason = (typeof SILENCE_REASONS)[number];

/** The last time that automation fell silent in a conversation; kept when it is over, because what was before it does not come back. */
export interface Silence {
  readonly why: SilenceReason;
  /** When it fell silent; while people are at it, when one last took the word. */
  readonly at: Date;
  /** Undefined: it was lifted. */
  readonly until: Date | undefined;
}

/** What the inbox is shown of it: nulls when automation may answer. */
export interface BotPause {
  /** Automation is silent until then. */
  readonly botPausedUntil: Date | null;
  readonly botPause: { readonly why: SilenceReason; readonly at: Date } | null;
}

export function holdsAt(silence: Silence | undefined, now: Date): boolean {
  return silence?.until !== undefined && now < silence.until;
}

export function botPauseOf(silence: Silence | undefined, now: Date): BotPause {
  if (!silence || !holdsAt(silence, now)) return { botPausedUntil: null, botPause: null };
  const { why, at, until } = silence;
  return { botPausedUntil: until ?? null, botPause: { why, at } };
}
