import type { InboundMessage } from './inbound-message.js';

/** A message that waits in its lane. */
export interface WaitingMessage {
  readonly eventId: string;
  /** How often it was tried and failed. */
  readonly tries: number;
  /** Not tried before. */
  readonly dueAt: Date;
}

/** A message that was taken from its lane. */
export interface TakenMessage {
  readonly message: Omit<InboundMessage, 'mayAnswer'>;
  /** The row that an earlier turn stored. */
  readonly stored: { readonly threadId: string | null } | undefined;
  /** An earlier turn brought it to its end: whoever was to answer has answered. */
  readonly concluded: boolean;
}

/** Customers' messages on their way from the webhook to their conversation, lane by lane. */
export abstract class IncomingMessages {
  /** The lane's next messages, in order of the provider's time and then of arrival; due or not. */
  abstract waiting(laneKey: string, limit: number): Promise<WaitingMessage[]>;
  /** Takes the message in the open transaction, for good if that commits. @returns undefined when another worker did */
  abstract take(eventId: string): Promise<TakenMessage | undefined>;
  /** Stores the message row under an id. @param threadId undefined when nobody keeps conversations */
  abstract store(
    message: Omit<InboundMessage, 'mayAnswer'>,
    messageId: string,
    threadId: string | undefined,
  ): Promise<void>;
  abstract postpone(eventId: string, tries: number, dueAt: Date, error: string): Promise<void>;
  /** Ends the message's way without an answer; a person may take it up again. */
  abstract quarantine(eventId: string, reason: string): Promise<void>;
}
