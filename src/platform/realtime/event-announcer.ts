import type { TenantId } from '../../kernel/ids.js';

/** That there is something to look up: never the thing itself, so a lost, repeated or late announcement costs a look. */
export type Announcement =
  /** The tenant's event log reaches to this number. */
  | { readonly about: 'events'; readonly tenantId: TenantId; readonly seq: number }
  /** Who views a thread, or types in it, has changed (`thread_viewer`). */
  | { readonly about: 'presence'; readonly tenantId: TenantId; readonly threadId: string };

/**
 * Carries announcements to every process that serves sockets, this one included: through Redis where there is one, else through PostgreSQL.
 * Workers announce; processes with sockets hear, read the rows, and emit to their own sockets by policy.
 */
export abstract class EventAnnouncer {
  /** Called outside of transactions, after the commit. Never throws: whoever missed it looks again by himself. */
  abstract announce(announcement: Announcement): Promise<void>;
  abstract hear(listener: (announcement: Announcement) => void): void;
}
