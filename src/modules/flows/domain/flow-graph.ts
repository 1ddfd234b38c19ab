import type { FlowStep } from './flow-step.js';

/** How a rule recognises a text (S2.39): whole, in part, or by an RE2 pattern. Case, width and spaces at the ends do not matter. */
export type RuleMatch = { readonly type: 'equals' | 'contains' | 'regex'; readonly values: readonly string[] };

export interface FlowRule {
  readonly id: string;
  readonly match: RuleMatch;
  readonly action: { readonly type: 'send_template'; readonly templateKey: string };
}

/** The whole flow of a merchant as it was at one version: never altered, so that a conversation goes on with what it began with (D16). */
export interface FlowGraph {
  readonly version: number;
  readonly steps: readonly FlowStep[];
  /** The first that matches has the message. */
  readonly rules: readonly FlowRule[];
  /** Sent when nothing else recognises what a customer writes or taps (S2.33). */
  readonly fallbackTemplateKey?: string;
  /** Words that begin anew, beside the house's greetings; empty: those of the house (`RESTART_WORDS`). */
  readonly restartWords: readonly string[];
  /** The merchant takes no button title above 20 characters (C16); steps that were there before are led to as ever. */
  readonly strictTitles?: boolean;
}

/** Where a conversation stands. */
export interface FlowPosition {
  readonly flowVersion: number;
  readonly lastTemplateKey: string | undefined;
  /** The step that the customer may answer: the last one, unless that only said that something was not understood. */
  readonly openKey?: string | undefined;
  /** `default` unless a branch said otherwise (S2.17). */
  readonly state: string;
  readonly answers: Readonly<Record<string, string>>;
  /** Times of the latest automatic steps, oldest first; see the loop guard. */
  readonly stepsTakenAt: readonly Date[];
  /** Keys of those steps, in the same order. */
  readonly stepsTaken: readonly string[];
  /** How many steps followed each other, none more than a minute after the one before. */
  readonly stepsUnbroken: number;
  /** When a step was last withheld because two programs seemed to talk. */
  readonly withheldAt?: Date | undefined;
  /** When a restart word last set it going again. */
  readonly guardResetAt?: Date | undefined;
}
