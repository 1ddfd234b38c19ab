import { Injectable } from '@nestjs/common';
import type { InboxAccess, InboxAct } from '../../../kernel/inbox-access.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { type VisibleThread, VisibleThreads } from '../application/visible-threads.js';
import { ActNotAllowed, ConversationNotFound } from '../domain/conversation-errors.js';

/** Reads messaging's numbers for their areas; the policy decides on the row itself, so that it is decided on what was locked. */
@Injectable()
export class SqlVisibleThreads extends VisibleThreads {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  find(access: InboxAccess, act: InboxAct, id: string): Promise<VisibleThread> {
    return this.#read(access, act, id);
  }

  async lock(access: InboxAccess, act: InboxAct, id: string): Promise<VisibleThread> {
    // Locked first and read afterwards: a statement that waited shows the participants of before.
    const [row] = await this.unitOfWork.sql.query<{ id: string; merged_into_id: string | null }>(LOCK, [
      this.scope.tenantId,
      id,
    ]);
    if (row?.merged_into_id) await this.unitOfWork.sql.query(LOCK, [this.scope.tenantId, row.merged_into_id]);
    return this.#read(access, act, id);
  }

  async lockAll(ids: readonly string[]): Promise<ReadonlyMap<string, VisibleThread>> {
    if (ids.length === 0) return new Map();
    const { tenantId } = this.scope;
    const named = await this.unitOfWork.sql.query<{ merged_into_id: string | null }>(LOCK_ALL, [tenantId, ids]);
    const keptIds = named.flatMap(({ merged_into_id }) => merged_into_id ?? []);
    if (keptIds.length > 0) await this.unitOfWork.sql.query(LOCK_ALL, [tenantId, keptIds]);
    const rows = await this.unitOfWork.sql.query<VisibleThread & { askedId: string }>(READ_ALL, [tenantId, ids]);
    return new Map(rows.map(({ askedId, ...thread }) => [askedId, thread]));
  }

  async #read(access: InboxAccess, act: InboxAct, id: string): Promise<VisibleThread> {
    const [thread] = await this.unitOfWork.sql.query<VisibleThread>(READ, [this.scope.tenantId, id]);
    if (!thread || !access.sees(thread)) throw new ConversationNotFound();
    if (!access.may(act, thread)) throw new ActNotAllowed();
    return thread;
  }
}

const LOCK = `select id, merged_into_id from thread where tenant_id = $1::uuid and id = $2::uuid for update`;

// In one order, so that two who lock several do not wait for each other.
const LOCK_ALL = `select merged_into_id from thread where tenant_id = $1::uuid and id = any($2::uuid[]) order by id for update`;

// CASE and not COALESCE, which under row security keeps the condition from the index (docs/decisions/0005).
const COLUMNS = `
  t.id, t.phone_number_id as "phoneNumberId", t.contact_id as "contactId", t.type, t.status, t.reference_link as "referenceLink",
    t.unread_count as "unreadCount", t.last_inbound_at as "lastInboundAt", t.bot_paused_until as "botPausedUntil",
    t.assignee_id as "assigneeId", p.area_id as "areaId",
    array(select o.user_id from thread_participant o where o.tenant_id = t.tenant_id and o.thread_id = t.id order by o.user_id) as "participantIds"`;
const THREADS = `
  from thread asked
  join thread t on t.tenant_id = asked.tenant_id and t.id = case when asked.merged_into_id is null then asked.id else asked.merged_into_id end
  left join phone_number p on p.tenant_id = t.tenant_id and p.phone_number_id = t.phone_number_id
  where asked.tenant_id = $1::uuid`;
const READ = `select ${COLUMNS} ${THREADS} and asked.id = $2::uuid`;
const READ_ALL = `select asked.id as "askedId", ${COLUMNS} ${THREADS} and asked.id = any($2::uuid[])`;
