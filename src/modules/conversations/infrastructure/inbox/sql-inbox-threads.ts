import { Injectable } from '@nestjs/common';
import { reachesAllAreas, type Role, ROLES } from '../../../../kernel/access.js';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenNumbers } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { EVERY_AREA } from '../../../tenants/index.js';
import {
  type Colleague,
  InboxThreads,
  type Sight,
  type TakenOff,
  type ThreadChange,
} from '../../application/inbox/inbox-threads.js';

const AT_ONCE = 500;

const COLUMNS: Readonly<Record<keyof ThreadChange, { readonly column: string; readonly cast: string }>> = {
  type: { column: 'type', cast: 'text' },
  status: { column: 'status', cast: 'text' },
  referenceLink: { column: 'reference_link', cast: 'text' },
  botPausedUntil: { column: 'bot_paused_until', cast: 'timestamptz' },
  botPausedAt: { column: 'bot_paused_at', cast: 'timestamptz' },
  botPausedReason: { column: 'bot_paused_reason', cast: 'text' },
  unreadCount: { column: 'unread_count', cast: 'int' },
  assigneeId: { column: 'assignee_id', cast: 'uuid' },
};

/** Reads tenants' people and messaging's numbers: who would see what is asked of the one policy. */
@Injectable()
export class SqlInboxThreads extends InboxThreads {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async change(threadId: string, change: ThreadChange): Promise<void> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined) as [keyof ThreadChange, unknown][];
    const sets = given.map(([field], index) => `${COLUMNS[field].column} = $${index + 4}::${COLUMNS[field].cast}`);
    await this.#query(
      `update thread set ${[...sets, 'updated_at = $3::timestamptz'].join(', ')} where tenant_id = $1::uuid and id = $2::uuid`,
      threadId,
      this.#now,
      ...given.map(([, value]) => (value instanceof Date ? value.toISOString() : value)),
    );
  }

  async openEmpty(
    phoneNumberId: string,
    contactId: string,
    assigneeId: string | null,
  ): Promise<{ id: string; created: boolean }> {
    const [made] = await this.#query<{ id: string }>(
      `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, $6::timestamptz, 'OUTBOUND', '', $6::timestamptz, $6::timestamptz)
       on conflict (tenant_id, phone_number_id, contact_id) do nothing returning id`,
      newId(),
      phoneNumberId,
      contactId,
      assigneeId,
      this.#now,
    );
    if (made) return { id: made.id, created: true };
    const [found] = await this.#query<{ id: string }>(
      `select coalesce(merged_into_id, id) as id from thread where tenant_id = $1::uuid and phone_number_id = $2 and contact_id = $3::uuid`,
      phoneNumberId,
      contactId,
    );
    return { id: found!.id, created: false };
  }

  async defaultNumber(access: InboxAccess): Promise<string | undefined> {
    const seen = seenNumbers(access, 'p', 2);
    const [number] = await this.#query<{ id: string }>(
      `select p.phone_number_id as id from phone_number p where p.tenant_id = $1::uuid and p.status = 'active' and ${seen.sql}
       order by p.purpose = 'default' desc, p.created_at, p.phone_number_id limit 1`,
      ...seen.parameters,
    );
    return number?.id;
  }

  async seesNumber(access: InboxAccess, phoneNumberId: string): Promise<boolean> {
    const seen = seenNumbers(access, 'p', 3);
    const rows = await this.#query(
      `select 1 as one from phone_number p where p.tenant_id = $1::uuid and p.phone_number_id = $2 and ${seen.sql}`,
      phoneNumberId,
      ...seen.parameters,
    );
    return rows.length > 0;
  }

  async holdColleague(userId: string): Promise<Colleague | undefined> {
    const [held] = await this.#query<{ role: Role; status: string }>(
      'select role, status from app_user where tenant_id = $1::uuid and id = $2::uuid for share',
      userId,
    );
    if (!held) return undefined;
    const [sight] = await this.#query<{ areas: string[]; everywhere: boolean; salesAssignedOnly: boolean }>(
      `select array(select a.area_id from user_area a where a.tenant_id = $1::uuid and a.user_id = $2::uuid) as areas,
         exists (select from user_area w join area a on a.tenant_id = w.tenant_id and a.id = w.area_id
           where w.tenant_id = $1::uuid and w.user_id = $2::uuid and a.name = $3) as everywhere,
         t.sales_assigned_only as "salesAssignedOnly" from tenant t where t.id = $1::uuid`,
      userId,
      EVERY_AREA,
    );
    const areas = sight?.everywhere ? 'all' : (sight?.areas ?? []);
    return {
      userId,
      isActive: held.status === 'active',
      access: InboxAccess.of({ userId, role: held.role, areas, salesAssignedOnly: sight?.salesAssignedOnly }),
    };
  }

  async addParticipant(threadId: string, userId: string): Promise<boolean> {
    const rows = await this.#query(
      `insert into thread_participant (tenant_id, thread_id, user_id, added_at) values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz)
       on conflict do nothing returning user_id`,
      threadId,
      userId,
      this.#now,
    );
    return rows.length > 0;
  }

  async removeParticipant(threadId: string, userId: string): Promise<boolean> {
    const rows = await this.#query(
      'delete from thread_participant where tenant_id = $1::uuid and thread_id = $2::uuid and user_id = $3::uuid returning user_id',
      threadId,
      userId,
    );
    return rows.length > 0;
  }

  async decideType(threadId: string, type: 'owner' | 'guest'): Promise<string | undefined> {
    const [decided] = await this.#query<{ phone_number_id: string }>(
      `update thread set type = $3, updated_at = $4::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and type is null returning phone_number_id`,
      threadId,
      type,
      this.#now,
    );
    return decided?.phone_number_id;
  }

  /** `InboxAccess.seesNumber` of each assignee and participant, in SQL; whose conversation it is takes nobody's sight of it. */
  async takeOffUnseen(sight: Sight): Promise<readonly TakenOff[]> {
    const [assigned, beside] =
      'userId' in sight
        ? ['t.assignee_id = $4::uuid', 'o.user_id = $4::uuid']
        : ['t.assignee_id is not null and t.phone_number_id = $4', 't.phone_number_id = $4'];
    return this.#query<TakenOff>(
      `with works as (
         select t.id, t.assignee_id as user_id from thread t where t.tenant_id = $1::uuid and t.merged_into_id is null and ${assigned}
         union select t.id, o.user_id from thread_participant o join thread t on t.tenant_id = o.tenant_id and t.id = o.thread_id
         where o.tenant_id = $1::uuid and t.merged_into_id is null and ${beside}),
       gone as materialized (
         select t.id, t.phone_number_id, w.user_id from works w
         join thread t on t.tenant_id = $1::uuid and t.id = w.id
         join app_user u on u.tenant_id = $1::uuid and u.id = w.user_id
         where u.status <> 'active' or (u.role <> all($2::text[]) and not exists (
           select from user_area w join area a on a.tenant_id = w.tenant_id and a.id = w.area_id
           where w.tenant_id = $1::uuid and w.user_id = u.id and (a.name = $5 or exists (
             select from phone_number p
             where p.tenant_id = $1::uuid and p.phone_number_id = t.phone_number_id and p.area_id = a.id))))
         order by t.id limit ${AT_ONCE} for update of t),
       unassigned as (
         update thread t set assignee_id = null, updated_at = $3::timestamptz from gone g
         where t.tenant_id = $1::uuid and t.id = g.id and t.assignee_id = g.user_id),
       left_by as (
         delete from thread_participant o using gone g where o.tenant_id = $1::uuid and o.thread_id = g.id and o.user_id = g.user_id)
       select id as "threadId", phone_number_id as "phoneNumberId", user_id as "userId" from gone order by id`,
      ROLES.filter(reachesAllAreas),
      this.#now,
      'userId' in sight ? sight.userId : sight.phoneNumberId,
      EVERY_AREA,
    );
  }

  peopleOf(
    threadIds: readonly string[],
  ): Promise<{ threadId: string; assigneeId: string | null; participantIds: string[] }[]> {
    return this.#query(
      `select t.id as "threadId", t.assignee_id as "assigneeId",
         array(select o.user_id from thread_participant o where o.tenant_id = t.tenant_id and o.thread_id = t.id order by o.user_id) as "participantIds"
       from thread t where t.tenant_id = $1::uuid and t.id = any($2::uuid[]) order by t.id`,
      threadIds,
    );
  }

  get #now(): string {
    return this.clock.now().toISOString();
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
