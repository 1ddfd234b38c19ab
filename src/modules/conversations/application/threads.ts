import type { AutomationAllowance } from '../domain/automation-allowance.js';
import type { Silence } from '../domain/silence.js';

/** The conversation of one contact with one of the merchant's numbers (C14). */
export interface Thread {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly contactId: string;
  /** Provider's time of the customer's last message. */
  readonly lastInboundAt: Date | undefined;
  readonly status: 'active' | 'archived' | 'blocked';
  /** Undefined: automation never fell silent. */
  readonly silence: Silence | undefined;
  readonly allowance: AutomationAllowance;
}

export interface Arrival {
  readonly phoneNumberId: string;
  readonly contactId: string;
  /** When the thread moved: its place in the list. */
  readonly at: Date;
  /** Provider's time, when the message opens the 24 h window. */
  readonly opensWindowAt: Date | undefined;
  /** Whether it is something to read. */
  readonly unread: 0 | 1;
  readonly preview: string;
}

/** What an arrival did to its thread. */
export interface Received {
  readonly threadId: string;
  /** What it added to the unread count: nothing while somebody has the conversation open, or when it is blocked (C27). */
  readonly unreadIncrement: 0 | 1;
  readonly isNew: boolean;
  /** It came back from the archive. */
  readonly isBack: boolean;
  /** When the window that it opened closes, undefined when one was open, or none was opened. */
  readonly openedUntil: Date | undefined;
}

/** What the merchant's side sent into a thread. */
export interface Sent {
  readonly preview: string;
  readonly at: Date;
  /** A person wrote it: they have read what is there, and it is no matter for the archive. */
  readonly byPerson: boolean;
}

export abstract class Threads {
  /** Finds or makes the thread of a number and a contact and counts a message in; its row stays locked until the transaction ends. */
  abstract receive(arrival: Arrival): Promise<Received>;
  /** The thread that `id` names, or that it was merged into. */
  abstract find(id: string): Promise<Thread | undefined>;
  /** The same; its row stays locked until the transaction ends, as after `receive`. */
  abstract hold(id: string): Promise<Thread | undefined>;
  /** Finds or makes the threads of a number with these contacts and shows in each what was sent. @returns their ids, by contact */
  abstract open(
    phoneNumberId: string,
    outgoing: readonly { readonly contactId: string; readonly preview: string }[],
    at: Date,
  ): Promise<ReadonlyMap<string, string>>;
  /** Provider's times of the contacts' last messages to a number, of those who wrote and are not blocked. */
  abstract lastInboundOf(phoneNumberId: string, contactIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  abstract recordOutbound(threadId: string, preview: string, at: Date): Promise<void>;
  abstract recordSent(threadId: string, sent: Sent): Promise<void>;
  /** Sets the type of those that have none yet; callers hold them. @returns their ids */
  abstract decideTypes(threadIds: readonly string[], type: 'owner' | 'guest'): Promise<string[]>;
  abstract saveAllowance(threadId: string, allowance: AutomationAllowance): Promise<void>;
  /**
   * Automation falls silent, at least until then: a longer silence stays. While one holds, a person who takes over is the reason from then on;
   * a program that hands over is not. @returns what holds afterwards
   */
  abstract silence(threadId: string, silence: Silence): Promise<Silence>;
  /** Automation answers again. */
  abstract liftSilence(threadId: string): Promise<void>;
  /** The contacts turned out to be one person: their threads are the survivor's, one a number. */
  abstract adopt(survivorId: string, absorbedIds: readonly string[]): Promise<void>;
}
