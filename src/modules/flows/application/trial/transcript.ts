/** What a customer does in a trial: writes, or taps a button by its title or id. */
export type TrialMessage = ({ readonly text: string } | { readonly tap: string }) & {
  readonly expect?: Expectation;
};

/** What the answer to a message has to be; what is left out may be anything. */
export interface Expectation {
  /** Key of the step that answers; null: no step does. */
  readonly stepKey?: string | null;
  /** Stands in what is said. */
  readonly text?: string;
  readonly state?: string;
}

export const TRIAL_NOTES = [
  'ENDED',
  'LOOP_WITHHELD',
  'MISSING_VARIABLES',
  'CONTENT_REFUSED',
  'TEMPLATE_REFUSED',
  'MEDIA_NOT_FOUND',
  'MEDIA_NOT_SENDABLE',
  'LINK_NOT_PUBLIC',
  'REPEATED_TAP',
  'HANDED_TO_PEOPLE',
  'PEOPLE_ANSWER',
  'HOUSE_MENU',
  'CONSENT_WORD',
  'NOT_RECOGNISED',
] as const;
export type TrialNote = (typeof TRIAL_NOTES)[number];

/** A line of a transcript: what somebody sees, or why they see nothing. */
export interface TranscriptLine {
  /** `house`: what NoDue says where the flow says nothing. */
  readonly from: 'customer' | 'flow' | 'house';
  /** `text`, `tap`, the kind of the message, or `nothing`. */
  readonly kind: string;
  readonly text: string | null;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
  readonly stepKey: string | null;
  /** Id of the branch or rule that was taken; `collects`, `invalid`, `restart`, `fallback`. */
  readonly edge: string | null;
  readonly state: string;
  readonly note: TrialNote | null;
  /** Names of variables that nobody gave a value. */
  readonly missing: readonly string[];
}

export interface Trial {
  readonly transcript: readonly TranscriptLine[];
  /** One a message that expected something. */
  readonly checks: readonly { readonly message: number; readonly passed: boolean; readonly found: Expectation }[];
  /** Whether all expectations were met. */
  readonly passed: boolean;
}
