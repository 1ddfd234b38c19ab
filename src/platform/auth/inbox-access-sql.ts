import type { InboxAccess } from '../../kernel/inbox-access.js';

/** A condition and the values of its parameters. */
export interface Condition {
  /** Parenthesised; `true` when nothing is hidden. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * `InboxAccess.seesNumber` in SQL: rows of `phone_number` that the caller sees.
 * @param number the alias of `phone_number`
 * @param first the number of the first free parameter
 */
export function seenNumbers(access: InboxAccess, number: string, first: number): Condition {
  const { areas } = access;
  if (areas === 'all') return { sql: 'true', parameters: [] };
  return { sql: `(${number}.area_id = any($${first}::uuid[]))`, parameters: [areas] };
}

/**
 * `InboxAccess.sees` in SQL: rows of `thread` that the caller sees. A read model: reads messaging's numbers for their areas. Without a row
 * of the number (it was never connected here) a thread is seen by those who see all areas.
 * @param thread the alias of `thread`
 * @param first the number of the first free parameter; two at most are taken
 */
export function seenThreads(access: InboxAccess, thread: string, first: number): Condition {
  const { areas, ownOnly } = access;
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown): string => `$${first + parameters.push(value) - 1}`;
  if (areas !== 'all')
    conditions.push(
      `exists (select from phone_number seen where seen.tenant_id = ${thread}.tenant_id and seen.phone_number_id = ${thread}.phone_number_id
         and seen.area_id = any(${add(areas)}::uuid[]))`,
    );
  if (ownOnly !== undefined) conditions.push(isOf(thread, add(ownOnly)));
  return { sql: conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`, parameters };
}

/**
 * Rows of other tables that carry `phone_number_id` and `thread_id` (message, media, call_record, message_charge, tenant_event) and belong to a
 * thread that the caller sees, whatever it was merged into. What belongs to no thread is seen with its number, and by nobody who sees only
 * conversations of his own. Two parameters at most are taken.
 */
export function seenUnderThreads(access: InboxAccess, row: string, first: number): Condition {
  if (access.areas === 'all' && access.ownOnly === undefined) return { sql: 'true', parameters: [] };
  const { sql, parameters } = seenThreads(access, 'kept', first);
  // CASE and not COALESCE, which under row security keeps the condition from the index (docs/decisions/0005).
  const inThread = `exists (select from thread named join thread kept
      on kept.tenant_id = named.tenant_id and kept.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
    where named.tenant_id = ${row}.tenant_id and named.id = ${row}.thread_id and ${sql})`;
  if (access.ownOnly !== undefined) return { sql: inThread, parameters };
  const ofNumber = `exists (select from phone_number seen where seen.tenant_id = ${row}.tenant_id
    and seen.phone_number_id = ${row}.phone_number_id and seen.area_id = any($${first}::uuid[]))`;
  return { sql: `case when ${row}.thread_id is null then ${ofNumber} else ${inThread} end`, parameters };
}

/** `InboxAccess.hearsOf` in SQL: rows of `thread` whose unread messages the caller is told of. Three parameters at most are taken. */
export function heardThreads(access: InboxAccess, thread: string, first: number): Condition {
  const seen = seenThreads(access, thread, first);
  if (access.hearsOwn === undefined) return seen;
  const user = `$${first + seen.parameters.length}`;
  return {
    sql: `(${seen.sql} and (${thread}.assignee_id is null or ${isOf(thread, user)}))`,
    parameters: [...seen.parameters, access.hearsOwn],
  };
}

function isOf(thread: string, user: string): string {
  return `(${thread}.assignee_id = ${user}::uuid or exists (select from thread_participant own
    where own.tenant_id = ${thread}.tenant_id and own.thread_id = ${thread}.id and own.user_id = ${user}::uuid))`;
}
