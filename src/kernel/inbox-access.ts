import { reachesAllAreas, type Role } from './access.js';

/** Whoever reads or writes in the inbox: a user with a role, or a program or operator without one. */
export interface InboxCaller {
  /** Left out for API keys and the platform operator, who see all that their scopes allow. */
  readonly role?: Role | undefined;
  readonly userId?: string | undefined;
  /** Ids of the areas that the caller works in; `all` stands for every one, and for numbers without an area. */
  readonly areas: 'all' | readonly string[];
  /** The merchant lets sales people see their own conversations alone (C52). */
  readonly salesAssignedOnly?: boolean | undefined;
}

/** What decides who sees a thread: its number's area and whose conversation it is. */
export interface ThreadFacts {
  /** Of the number; null: of none, so that only those see it who see all areas. */
  readonly areaId: string | null;
  readonly assigneeId: string | null;
  readonly participantIds: readonly string[];
}

/**
 * What may be done with a thread that one sees; whether one may act at all is the scope's business.
 * - `read`: also search, count, export, its media and its events.
 * - `write`: send, note, label, archive, mark as read, mute.
 * - `block`: keep automation and people from writing to the customer, or lift that.
 */
export const INBOX_ACTS = ['read', 'write', 'block'] as const;
export type InboxAct = (typeof INBOX_ACTS)[number];

/**
 * The one answer to "who may see and do what in the inbox" (S1.23-S1.32, C52). Lists, counts, search, single reads, sends, media,
 * notifications, exports and sockets ask it, or the SQL of `platform/auth/inbox-access-sql.ts`, which says the same and is held to it by
 * `test/platform/inbox-access.test.ts`. What one does not see does not exist: 404, not 403.
 */
export class InboxAccess {
  private constructor(private readonly caller: InboxCaller) {}

  static of(caller: InboxCaller): InboxAccess {
    return new InboxAccess(caller);
  }

  /** The areas whose numbers are seen. An area that is left out hides its conversations from their assignees, too (S1.98). */
  get areas(): 'all' | readonly string[] {
    return this.caller.role !== undefined && reachesAllAreas(this.caller.role) ? 'all' : this.caller.areas;
  }

  /** The user beyond whose own conversations nothing is seen; undefined: all of the areas are. */
  get ownOnly(): string | undefined {
    return this.caller.role === 'SALES' && this.caller.salesAssignedOnly === true ? this.caller.userId : undefined;
  }

  /** Left out for programs and the platform operator. */
  get userId(): string | undefined {
    return this.caller.userId;
  }

  seesNumber(areaId: string | null): boolean {
    const { areas } = this;
    return areas === 'all' || (areaId !== null && areas.includes(areaId));
  }

  sees(thread: ThreadFacts): boolean {
    if (!this.seesNumber(thread.areaId)) return false;
    return this.ownOnly === undefined || isOf(thread, this.ownOnly);
  }

  may(act: InboxAct, thread: ThreadFacts): boolean {
    if (!this.sees(thread)) return false;
    return act !== 'block' || (this.caller.role !== 'SALES' && this.caller.role !== 'LEAD_GEN');
  }

  /**
   * Whether a thread may be given to a user, or to nobody. Leads and above give to whom they like; sales and lead generation take what is
   * nobody's or give back what is theirs. Whether the new assignee sees it is asked of the assignee's own access.
   */
  mayAssign(thread: ThreadFacts, to: string | null): boolean {
    if (!this.sees(thread)) return false;
    const { role, userId } = this.caller;
    if (role !== 'SALES' && role !== 'LEAD_GEN') return true;
    return to === userId
      ? thread.assigneeId === null || thread.assigneeId === userId
      : to === null && thread.assigneeId === userId;
  }

  /** Whether a user may be added beside the assignee, or taken off again: by leads and above, by the assignee, and each for himself. */
  mayInvite(thread: ThreadFacts, invited: string): boolean {
    if (!this.sees(thread)) return false;
    const { role, userId } = this.caller;
    return (role !== 'SALES' && role !== 'LEAD_GEN') || invited === userId || thread.assigneeId === userId;
  }

  /** The user who hears of his own conversations and of those that are nobody's alone: sales (S1.31, C52); undefined: of all that are seen. */
  get hearsOwn(): string | undefined {
    return this.caller.role === 'SALES' ? this.caller.userId : undefined;
  }

  /** Whether what is unread in it is told to the caller. */
  hearsOf(thread: ThreadFacts): boolean {
    if (!this.sees(thread)) return false;
    return this.hearsOwn === undefined || thread.assigneeId === null || isOf(thread, this.hearsOwn);
  }

  /**
   * Whether something that somebody did may be told to the caller as news: never one's own act (S1.32).
   * @param actor as `actorOf` names it: `user:<id>`, ...
   */
  isNewsBy(actor: string | null): boolean {
    return this.caller.userId === undefined || actor !== `user:${this.caller.userId}`;
  }

  /**
   * The rooms that a socket of the caller joins (C28). A thread's events go to `roomsOfThread`; the two meet exactly where `sees` says yes.
   * @param numbers those that the caller sees
   */
  rooms(numbers: readonly string[]): string[] {
    const { userId } = this.caller;
    const own = userId === undefined ? [] : [`user:${userId}`];
    if (this.ownOnly !== undefined)
      return ['tenant', ...own, ...numbers.map((number) => `own:${number}:${this.ownOnly}`)];
    return ['tenant', ...own, ...numbers.map((number) => `number:${number}`)];
  }
}

/** The rooms whose members see a thread; names are unique within a tenant. */
export function roomsOfThread({
  phoneNumberId,
  assigneeId,
  participantIds,
}: Omit<ThreadFacts, 'areaId'> & { readonly phoneNumberId: string }): string[] {
  const owners = assigneeId === null ? participantIds : [assigneeId, ...participantIds];
  return [`number:${phoneNumberId}`, ...new Set(owners.map((userId) => `own:${phoneNumberId}:${userId}`))];
}

function isOf({ assigneeId, participantIds }: ThreadFacts, userId: string): boolean {
  return assigneeId === userId || participantIds.includes(userId);
}
