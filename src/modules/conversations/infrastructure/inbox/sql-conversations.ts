import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenNumbers, seenThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  type ConversationCounts,
  type ConversationFilter,
  type ConversationPlace,
  Conversations,
} from '../../application/conversations.js';
import { Parameters } from './parameters.js';
import { searchStatement } from './search-statement.js';

/**
 * Which conversations somebody sees, by walks along indexes that stand in the list's order: a page costs what it shows, wherever it lies
 * (docs/inbox-explain.md, bench/inbox.bench.ts).
 */
@Injectable()
export class SqlConversations extends Conversations {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async page(
    access: InboxAccess,
    filter: ConversationFilter,
    after: ConversationPlace | undefined,
    limit: number,
  ): Promise<readonly ConversationPlace[]> {
    const numbers = await this.#numbers(access, filter);
    if (numbers?.length === 0) return [];
    const given = new Parameters(this.scope.tenantId);
    const conditions = conditionsOf(filter, given);
    if (after)
      conditions.push(
        `(t.last_message_at, t.id) < (${given.add(after.lastMessageAt.toISOString(), 'timestamptz')}, ${given.add(after.id, 'uuid')})`,
      );
    const text =
      filter.q === undefined
        ? walk(access, filter, numbers, conditions, limit, given)
        : searchStatement(access, filter.q, numbers, conditions, limit, given);
    return this.unitOfWork.sql.query<ConversationPlace>(text, given.values);
  }

  async counts(access: InboxAccess, phoneNumberId: string | undefined): Promise<ConversationCounts> {
    const given = new Parameters(this.scope.tenantId);
    const me = given.add(access.userId ?? null, 'uuid');
    const number = phoneNumberId === undefined ? 'true' : `t.phone_number_id = ${given.add(phoneNumberId, 'text')}`;
    const seen = seenThreads(access, 't', given.next);
    const [counts] = await this.unitOfWork.sql.query<ConversationCounts>(
      `select count(*) filter (where active)::int as total,
         count(*) filter (where active and t.type = 'owner')::int as owner,
         count(*) filter (where active and t.type is distinct from 'owner')::int as guest,
         count(*) filter (where active and t.unread_count > 0)::int as unread,
         count(*) filter (where active and t.assignee_id = ${me})::int as "assignedToMe",
         count(*) filter (where active and t.assignee_id is null)::int as unassigned,
         count(*) filter (where t.status = 'archived')::int as archived,
         count(*) filter (where t.status = 'blocked')::int as blocked
       from thread t cross join lateral (select t.status = 'active' as active) s
       where t.tenant_id = $1::uuid and t.merged_into_id is null and ${number} and ${seen.sql}`,
      [...given.values, ...seen.parameters],
    );
    return counts!;
  }

  /** The numbers that are looked at; undefined: whichever there are. */
  async #numbers(access: InboxAccess, { phoneNumberId }: ConversationFilter): Promise<string[] | undefined> {
    if (access.areas === 'all') return phoneNumberId === undefined ? undefined : [phoneNumberId];
    const seen = seenNumbers(access, 'p', 3);
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select p.phone_number_id as id from phone_number p
       where p.tenant_id = $1::uuid and ($2::text is null or p.phone_number_id = $2::text) and ${seen.sql}`,
      [this.scope.tenantId, phoneNumberId ?? null, ...seen.parameters],
    );
    return rows.map(({ id }) => id);
  }
}

function conditionsOf(
  { type, status = 'active', assigneeId, labelId, unread }: ConversationFilter,
  given: Parameters,
): string[] {
  return [
    't.merged_into_id is null',
    // As the partial index of what is put aside says it, too.
    ...(status === 'all' ? [] : [`t.status = ${given.add(status, 'text')}`]),
    ...(status === 'all' || status === 'active' ? [] : [`t.status <> 'active'`]),
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
  ];
}

const NEWEST_FIRST = 'order by t.last_message_at desc, t.id desc';

/** One walk for each number and each way in which a thread may be somebody's, merged. */
function walk(
  { ownOnly }: InboxAccess,
  { assigneeId }: ConversationFilter,
  numbers: readonly string[] | undefined,
  conditions: readonly string[],
  limit: number,
  given: Parameters,
): string {
  const rows = given.add(limit, 'int');
  const of = (...more: string[]): string => ['t.tenant_id = $1::uuid', ...conditions, ...more].join(' and ');
  const select = 'select t.id, t.last_message_at from';
  const merged = (walks: string): string =>
    `select t.id, t.last_message_at as "lastMessageAt" from (${walks}) t ${NEWEST_FIRST} limit ${rows}`;
  if (ownOnly !== undefined) {
    const user = given.add(ownOnly, 'uuid');
    const ofNumbers = numbers === undefined ? [] : [`t.phone_number_id = any(${given.add(numbers, 'text[]')})`];
    return merged(
      `(${select} thread t where ${of(`t.assignee_id = ${user}`, ...ofNumbers)} ${NEWEST_FIRST} limit ${rows})
       union
       (${select} thread_participant own join thread t on t.tenant_id = own.tenant_id and t.id = own.thread_id
        where own.tenant_id = $1::uuid and own.user_id = ${user} and ${of(...ofNumbers)} ${NEWEST_FIRST} limit ${rows})`,
    );
  }
  if (numbers === undefined) return merged(`${select} thread t where ${of()} ${NEWEST_FIRST} limit ${rows}`);
  if (typeof assigneeId === 'string')
    return merged(
      `${select} thread t where ${of(`t.phone_number_id = any(${given.add(numbers, 'text[]')})`)} ${NEWEST_FIRST} limit ${rows}`,
    );
  return merged(
    `select w.id, w.last_message_at from unnest(${given.add(numbers, 'text[]')}) as n (number) cross join lateral (
       ${select} thread t where ${of('t.phone_number_id = n.number')} ${NEWEST_FIRST} limit ${rows}) w`,
  );
}
