import type { ChangeSource, ProviderChange } from './provider-change.js';

/** A change that waits in its lane. */
export interface WaitingChange {
  readonly eventId: string;
  /** How often it was tried and failed. */
  readonly tries: number;
  /** Not tried before. */
  readonly dueAt: Date;
}

/** What one webhook event tells, taken from its lane. */
export interface TakenChange {
  readonly changes: readonly ProviderChange[];
  readonly source: ChangeSource;
}

/** Changes on their way from the webhook to whoever consumes them, lane by lane. */
export abstract class WaitingChanges {
  /** The lane's next changes in order of arrival; due or not. */
  abstract waiting(laneKey: string, limit: number): Promise<WaitingChange[]>;
  /** Takes the event in the open transaction, for good if that commits. @returns undefined when another worker did */
  abstract take(eventId: string): Promise<TakenChange | undefined>;
  abstract postpone(eventId: string, tries: number, dueAt: Date, error: string): Promise<void>;
  /** Ends its way without effect; a person may take it up again. */
  abstract quarantine(eventId: string, reason: string): Promise<void>;
}
