import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenNumbers } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  type ConversationCounts,
  type ConversationFilter,
  type ConversationPlace,
  Conversations,
} from '../../application/conversations.js';
import { countStatement } from './count-statement.js';
import { Parameters } from './parameters.js';
import {
  COMMON,
  type Hits,
  messagesStatement,
  peopleStatement,
  type PersonHit,
  searchStatement,
} from './search-statement.js';
import { walk, type Wanted } from './walks.js';

/** More than the planner's statistics may be wrong by: reading their places alone would cost more than the walk that meets them. */
const PLAINLY_COMMON = 20 * COMMON;

/** Which conversations somebody sees, and how many (docs/inbox-explain.md, bench/inbox.bench.ts). */
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
    const numbers = (await this.#numbers(access, filter.phoneNumberId)) ?? (await this.#numbersWalked(access, filter));
    if (numbers?.length === 0) return [];
    const wanted: Wanted = { access, filter, after, numbers };
    const given = new Parameters(this.scope.tenantId);
    if (filter.q === undefined)
      return this.unitOfWork.sql.query<ConversationPlace>(
        `select w.id, w.last_message_at as "lastMessageAt" from (${walk(wanted, limit, given)}) w`,
        given.values,
      );
    const hits: Hits = {
      people: await this.#few<PersonHit>((counting) => peopleStatement(filter.q!, counting)),
      messageIds: (await this.#few<{ id: string }>((counting) => messagesStatement(filter.q!, counting)))?.map(
        ({ id }) => id,
      ),
    };
    return this.unitOfWork.sql.query<ConversationPlace>(
      searchStatement(wanted, filter.q, hits, limit, given),
      given.values,
    );
  }

  /** @returns undefined when there are more than `COMMON`; where the planner knows of very many already, they are not looked for */
  async #few<Row extends object>(statement: (given: Parameters) => string): Promise<Row[] | undefined> {
    const given = new Parameters(this.scope.tenantId);
    const text = statement(given);
    const [estimate] = await this.unitOfWork.sql.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      `explain (format json) ${text}`,
      given.values,
    );
    if (estimate!['QUERY PLAN'][0].Plan['Plan Rows'] > PLAINLY_COMMON) return undefined;
    const rows = await this.unitOfWork.sql.query<Row>(
      `select h.* from (${text}) h limit ${given.add(COMMON + 1, 'int')}`,
      given.values,
    );
    return rows.length > COMMON ? undefined : rows;
  }

  async counts(access: InboxAccess, phoneNumberId: string | undefined): Promise<ConversationCounts> {
    const numbers = await this.#numbers(access, phoneNumberId);
    const given = new Parameters(this.scope.tenantId);
    const [counts] = await this.unitOfWork.sql.query<ConversationCounts>(
      countStatement({ access, numbers }, given),
      given.values,
    );
    return counts!;
  }

  /** The numbers that are looked at; undefined: whichever there are, also those that are not connected any more. */
  async #numbers(access: InboxAccess, phoneNumberId: string | undefined): Promise<string[] | undefined> {
    if (access.areas === 'all') return phoneNumberId === undefined ? undefined : [phoneNumberId];
    const seen = seenNumbers(access, 'p', 3);
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select p.phone_number_id as id from phone_number p
       where p.tenant_id = $1::uuid and ($2::text is null or p.phone_number_id = $2::text) and ${seen.sql}`,
      [this.scope.tenantId, phoneNumberId ?? null, ...seen.parameters],
    );
    return rows.map(({ id }) => id);
  }

  /** For whoever sees all: the numbers that have threads, where the index that serves the list begins with the number; from key to key of it. */
  async #numbersWalked(
    { ownOnly }: InboxAccess,
    { unread, type, assigneeId, q }: ConversationFilter,
  ): Promise<string[] | undefined> {
    const oneWalk = unread !== true && type !== 'owner' && assigneeId === undefined && ownOnly === undefined;
    if (q !== undefined || oneWalk) return undefined;
    const next = (after: string): string =>
      `(select t.phone_number_id from thread t where t.tenant_id = $1::uuid and t.merged_into_id is null and ${after}
        order by t.phone_number_id limit 1)`;
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `with recursive n (id) as (
         select ${next('true')} union all select ${next('t.phone_number_id > n.id')} from n where n.id is not null)
       select id from n where id is not null`,
      [this.scope.tenantId],
    );
    return rows.map(({ id }) => id);
  }
}
