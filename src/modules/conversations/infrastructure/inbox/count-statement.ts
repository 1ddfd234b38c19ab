import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { Parameters } from './parameters.js';
import { BY_KEY } from './walks.js';

/** What is counted of the threads that a caller sees. */
export interface Counted {
  readonly access: InboxAccess;
  /** Those of the caller that are looked at; undefined: whichever there are. */
  readonly numbers: readonly string[] | undefined;
}

/** Every count reads an index that holds what it counts, and no row of the table (docs/inbox-explain.md). */
export function countStatement({ access, numbers }: Counted, given: Parameters): string {
  const conditions = [
    't.tenant_id = $1::uuid',
    't.merged_into_id is null',
    ...(numbers === undefined ? [] : [`t.phone_number_id = any(${given.add(numbers, 'text[]')})`]),
  ];
  const me = given.add(access.userId ?? null, 'uuid');
  if (access.ownOnly !== undefined) return ownStatement(conditions, me, given.add(access.ownOnly, 'uuid'));
  const count = (status: string, ...more: string[]): string =>
    `(select count(*) from thread t where ${[...conditions, `t.status = '${status}'`, ...more].join(' and ')})::int`;
  // Without the offset each use of a count would count once more.
  return `
    select total, owner, total - owner as guest, unread, "assignedToMe", total - assigned as unassigned, archived, blocked
    from (select ${count('active')} as total, ${count('active', `t.type = 'owner'`)} as owner,
      ${count('active', 't.unread_count > 0')} as unread, ${count('active', `t.assignee_id = ${me}`)} as "assignedToMe",
      ${count('active', 't.assignee_id is not null')} as assigned, ${count('archived')} as archived, ${count('blocked')} as blocked
      offset 0) c`;
}

/** Of the few that are one's own the rows are read: what is assigned, and then what one was invited to besides. */
function ownStatement(conditions: readonly string[], me: string, user: string): string {
  const threads = (...more: string[]): string =>
    `select t.type, t.status, t.unread_count, t.assignee_id from thread t where ${[...conditions, ...more].join(' and ')}`;
  return `
    select count(*) filter (where active)::int as total,
      count(*) filter (where active and t.type = 'owner')::int as owner,
      count(*) filter (where active and t.type is distinct from 'owner')::int as guest,
      count(*) filter (where active and t.unread_count > 0)::int as unread,
      count(*) filter (where active and t.assignee_id = ${me})::int as "assignedToMe",
      count(*) filter (where active and t.assignee_id is null)::int as unassigned,
      count(*) filter (where t.status = 'archived')::int as archived,
      count(*) filter (where t.status = 'blocked')::int as blocked
    from (${threads(`t.assignee_id = ${user}`)} union all
      select t.* from thread_participant own
      cross join lateral (${threads('t.id = own.thread_id', `t.assignee_id is distinct from ${user}`)} ${BY_KEY}) t
      where own.tenant_id = $1::uuid and own.user_id = ${user}) t
    cross join lateral (select t.status = 'active' as active) s`;
}
