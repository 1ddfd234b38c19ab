import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { isUniqueViolation } from '../../../../platform/database/database-errors.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  CannedReplies,
  type CannedReplyToAdd,
  type CannedReplyView,
} from '../../application/canned-replies/canned-replies.js';
import { CannedReplyNotFound, type ReplyVariable, ShortcutTaken } from '../../domain/canned-replies/canned-reply.js';

/** $1 is the tenant, $2 the areas that are seen, or null: all. */
const ROWS = `
  select id, shortcut, body, area_id as "areaId", created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt" from canned_reply
  where tenant_id = $1::uuid and ($2::uuid[] is null or area_id is null or area_id = any($2::uuid[]))`;

/** Reads customers' contacts and tenants' people for what variables stand for. */
@Injectable()
export class SqlCannedReplies extends CannedReplies {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  page(access: InboxAccess, after: string | undefined, limit: number): Promise<readonly CannedReplyView[]> {
    return this.#query<CannedReplyView>(
      `${ROWS} and ($3::text is null or shortcut > $3::text) order by shortcut limit $4::int`,
      areasOf(access),
      after ?? null,
      limit,
    );
  }

  async find(access: InboxAccess, id: string): Promise<CannedReplyView> {
    const [reply] = await this.#query<CannedReplyView>(`${ROWS} and id = $3::uuid`, areasOf(access), id);
    if (!reply) throw new CannedReplyNotFound();
    return reply;
  }

  async add({ shortcut, body, areaId }: CannedReplyToAdd, createdBy: string): Promise<string> {
    const id = newId();
    const rows = await this.#query(
      `insert into canned_reply (tenant_id, id, shortcut, body, area_id, created_by, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4, $5::uuid, $6, $7::timestamptz, $7::timestamptz)
       on conflict (tenant_id, shortcut) do nothing returning id`,
      id,
      shortcut,
      body,
      areaId ?? null,
      createdBy,
      this.clock.now().toISOString(),
    );
    if (rows.length === 0) throw new ShortcutTaken();
    return id;
  }

  async change(id: string, { shortcut, body, areaId }: Partial<CannedReplyToAdd>): Promise<void> {
    await this.#query(
      `update canned_reply set shortcut = coalesce($3::text, shortcut), body = coalesce($4::text, body),
         area_id = case when $5::boolean then $6::uuid else area_id end, updated_at = $7::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      id,
      shortcut ?? null,
      body ?? null,
      areaId !== undefined,
      areaId ?? null,
      this.clock.now().toISOString(),
    ).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new ShortcutTaken() : error;
    });
  }

  async remove(id: string): Promise<void> {
    await this.#query('delete from canned_reply where tenant_id = $1::uuid and id = $2::uuid', id);
  }

  async valuesIn(threadId: string, userId: string | undefined): Promise<Record<ReplyVariable, string | null>> {
    const [values] = await this.#query<Record<ReplyVariable, string | null>>(
      `select coalesce(c.name, c.profile_name) as "contact.name", t.reference_link as reference,
         (select i.value from contact_identity i where i.tenant_id = t.tenant_id and i.contact_id = t.contact_id and i.kind = 'phone'
          order by i.created_at, i.value limit 1) as "contact.phone",
         (select u.name from app_user u where u.tenant_id = t.tenant_id and u.id = $3::uuid) as "agent.name",
         (select m.name from tenant m where m.id = t.tenant_id) as "merchant.name"
       from thread t join contact c on c.tenant_id = t.tenant_id and c.id = t.contact_id
       where t.tenant_id = $1::uuid and t.id = $2::uuid`,
      threadId,
      userId ?? null,
    );
    return values!;
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}

function areasOf({ areas }: InboxAccess): readonly string[] | null {
  return areas === 'all' ? null : areas;
}
