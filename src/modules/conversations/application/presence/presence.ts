/** A connection of a user's, and whose it is. */
export interface Connection {
  readonly connectionId: string;
  readonly userId: string;
}

/** Somebody who has a conversation open. */
export interface Viewer {
  readonly userId: string;
  readonly name: string;
  readonly typing: boolean;
}

/**
 * Who has which conversation open at this moment (C27), by leases on the database's own clock: whoever's connection dies with its process is gone
 * when the lease ends. A connection shows one conversation at a time. All of it in the open transaction.
 */
export abstract class Presence {
  /** The connection shows this thread from now on. @returns the threads that it showed before */
  abstract view(connection: Connection, threadId: string): Promise<readonly string[]>;
  /** The connection shows nothing any more. @returns the threads that it showed */
  abstract leave(connectionId: string): Promise<readonly string[]>;
  /** The user writes in a thread that the connection shows. @returns false when it does not show it */
  abstract type(connectionId: string, threadId: string): Promise<boolean>;
  /** The connections live. @returns the threads that they show */
  abstract renew(connectionIds: readonly string[]): Promise<readonly string[]>;
  /** Of each thread that somebody views: each user once, by name. */
  abstract viewersOf(threadIds: readonly string[]): Promise<ReadonlyMap<string, readonly Viewer[]>>;
}
