import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { ConversationFilter, ConversationPlace } from '../../application/conversations.js';
import { THREAD_STATUSES } from '../../domain/inbox/thread-status.js';
import type { Parameters } from './parameters.js';

export const NEWEST_FIRST = 'order by t.last_message_at desc, t.id desc';

/** Ends a lateral select of few rows: each is looked up by its key, however many threads the planner would rather read at once. */
export const BY_KEY = 'offset 0';

/** What a list is of. */
export interface Wanted {
  readonly access: InboxAccess;
  readonly filter: ConversationFilter;
  /** The last place of the page before. */
  readonly after: ConversationPlace | undefined;
  /** Those of the caller that are looked at; undefined: whichever there are. */
  readonly numbers: readonly string[] | undefined;
}

/** What a thread `t` must be, apart from its number and its status. */
export function conditionsOf(
  { filter: { type, assigneeId, labelId, unread }, after }: Wanted,
  given: Parameters,
): string[] {
  return [
    't.tenant_id = $1::uuid',
    't.merged_into_id is null',
    ...(type === undefined ? [] : [type === 'owner' ? `t.type = 'owner'` : `t.type is distinct from 'owner'`]),
    ...(assigneeId === undefined
      ? []
      : [assigneeId === null ? 't.assignee_id is null' : `t.assignee_id = ${given.add(assigneeId, 'uuid')}`]),
    ...(unread === undefined ? [] : [unread ? 't.unread_count > 0' : 't.unread_count = 0']),
    ...(labelId === undefined
      ? []
      : [
          `exists (select from thread_label l where l.tenant_id = t.tenant_id and l.thread_id = t.id and l.label_id = ${given.add(labelId, 'uuid')})`,
        ]),
    ...(after === undefined
      ? []
      : [
          `(t.last_message_at, t.id) < (${given.add(after.lastMessageAt.toISOString(), 'timestamptz')}, ${given.add(after.id, 'uuid')})`,
        ]),
  ];
}

export function statusesOf({ status = 'active' }: ConversationFilter): readonly string[] {
  return status === 'all' ? THREAD_STATUSES : [status];
}

/**
 * The first threads of a list: one walk along an index for each status, number and way of being somebody's, merged. Each walk begins where the
 * page begins and ends with it, so that a page costs the same wherever it lies; invitations alone are read as many as there are.
 * @returns a select of `id`, `last_message_at` and `contact_id`, in the list's order
 */
export function walk(wanted: Wanted, limit: number, given: Parameters): string {
  const rows = given.add(limit, 'int');
  const statuses = given.add(statusesOf(wanted.filter), 'text[]');
  const conditions = conditionsOf(wanted, given);
  const numbers = wanted.numbers && given.add(wanted.numbers, 'text[]');
  const threads = (...more: string[]): string =>
    `select t.id, t.last_message_at, t.contact_id from thread t where ${[...conditions, ...more].join(' and ')}`;
  const lanes = `unnest(${statuses}) as s (status)${numbers === undefined ? '' : ` cross join unnest(${numbers}) as n (number)`}`;
  const ofLane = ['t.status = s.status', ...(numbers === undefined ? [] : ['t.phone_number_id = n.number'])];
  // That nobody's are all of the same assignee is known to the index, and must be said to the planner.
  const order =
    wanted.filter.assigneeId === null ? NEWEST_FIRST.replace('order by', 'order by t.assignee_id,') : NEWEST_FIRST;
  const alongLanes = (...more: string[]): string =>
    `select w.* from ${lanes} cross join lateral (${threads(...ofLane, ...more)} ${order} limit ${rows}) w`;
  const merged = (walks: string): string => `select t.* from (${walks}) t ${NEWEST_FIRST} limit ${rows}`;
  if (wanted.access.ownOnly === undefined) return merged(alongLanes());
  const user = given.add(wanted.access.ownOnly, 'uuid');
  const ofLanes = [
    `t.status = any(${statuses})`,
    ...(numbers === undefined ? [] : [`t.phone_number_id = any(${numbers})`]),
  ];
  return merged(
    `(${alongLanes(`t.assignee_id = ${user}`)}) union
     (select t.* from thread_participant own cross join lateral (${threads('t.id = own.thread_id', ...ofLanes)} ${BY_KEY}) t
      where own.tenant_id = $1::uuid and own.user_id = ${user} ${NEWEST_FIRST} limit ${rows})`,
  );
}
