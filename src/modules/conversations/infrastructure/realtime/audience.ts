import type { InboxAccess, ThreadFacts } from '../../../../kernel/inbox-access.js';
import type { TenantEventName } from '../../../../platform/realtime/tenant-event-names.js';

/** Somebody at the other end of a socket. */
export interface Listener {
  readonly access: InboxAccess;
  /** As `actorOf` names it. */
  readonly actor: string;
  /** Undefined for programs. */
  readonly userId: string | undefined;
  /** Events that the holder's scopes do not reach. */
  readonly withheld: ReadonlySet<TenantEventName>;
}

/** What decides who hears of an event, as things are when it is told. */
export interface Told {
  readonly name: TenantEventName;
  readonly actor: string | null;
  /** For this user alone. */
  readonly userId: string | null;
  readonly phoneNumberId: string | null;
  /** Of the number. */
  readonly areaId: string | null;
  /** Of the thread, or of the one that it was merged into; null: it concerns none. */
  readonly thread: ThreadFacts | null;
  /** Users who do not want to be notified of the thread now. */
  readonly mutedBy: readonly string[];
}

/**
 * Whether an event is told to a listener (C28): a thread's to those who see it, a number's to those who see the number, a user's to the user, the
 * rest to everybody of the tenant whose scopes reach it. Notifications never to whoever caused them, and those for nobody in particular only to those who hear of the
 * thread and have not muted it (S1.31, S1.32).
 */
export function reaches(event: Told, { access, actor, userId, withheld }: Listener): boolean {
  if (withheld.has(event.name)) return false;
  if (event.userId !== null && event.userId !== userId) return false;
  const isNews = event.name === 'notification';
  if (isNews && event.actor === actor) return false;
  if (event.thread === null)
    return event.phoneNumberId === null || (access.ownOnly === undefined && access.seesNumber(event.areaId));
  if (!access.sees(event.thread)) return false;
  return (
    !isNews ||
    event.userId !== null ||
    (access.hearsOf(event.thread) && (userId === undefined || !event.mutedBy.includes(userId)))
  );
}
