import type { Session } from '../domain/session.js';

export abstract class Sessions {
  /** The thread's session, unless its 24 hours are over. */
  abstract find(threadId: string, now: Date): Promise<Session | undefined>;
  abstract save(session: Session): Promise<void>;
}
