import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ThreadFollowers } from '../application/thread-follower.js';
import { type Arrival, type Received, type Sent, type Thread, Threads } from '../application/threads.js';
import type { AutomationAllowance } from '../domain/automation-allowance.js';
import type { Silence, SilenceReason } from '../domain/silence.js';
import { windowEnd } from '../domain/service-window.js';
import { FOLDED, PASS_ON } from './inbox/absorb-thread.js';

interface SilenceRow {
  bot_paused_until: Date | null;
  bot_paused_at: Date | null;
  bot_paused_reason: SilenceReason | null;
}

interface ThreadRow extends SilenceRow {
  id: string;
  phone_number_id: string;
  contact_id: string;
  last_inbound_at: Date | null;
  status: Thread['status'];
  automation_took_at: Date[];
  limit_notice_at: Date | null;
}

interface ReceivedRow {
  id: string;
  status: Thread['status'];
  is_watched: boolean;
  before: { status: string; last_inbound_at: string | null } | null;
}

/** Threads in PostgreSQL. Statements, not models: each customer's message passes here, in either kind of transaction. */
@Injectable()
export class SqlThreads extends Threads {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
    private readonly followers: ThreadFollowers,
  ) {
    super();
  }

  /** One upsert: parallel first messages make one thread, and wait here for each other (F15). */
  async receive({ phoneNumberId, contactId, at, opensWindowAt, unread, preview }: Arrival): Promise<Received> {
    const [row] = await this.unitOfWork.sql.query<ReceivedRow>(RECEIVE, [
      this.scope.tenantId,
      newId(),
      phoneNumberId,
      contactId,
      unread,
      at.toISOString(),
      preview,
      opensWindowAt?.toISOString() ?? null,
      this.clock.now().toISOString(),
    ]);
    const { id, status, is_watched: isWatched, before } = row!;
    const wasOpen =
      before?.last_inbound_at != null && opensWindowAt && windowEnd(new Date(before.last_inbound_at)) > opensWindowAt;
    return {
      threadId: id,
      unreadIncrement: isWatched || status === 'blocked' ? 0 : unread,
      isNew: before === null,
      isBack: before?.status === 'archived' && status === 'active',
      openedUntil: wasOpen ? undefined : opensWindowAt && windowEnd(opensWindowAt),
    };
  }

  find(id: string): Promise<Thread | undefined> {
    return this.#read(FIND, id);
  }

  hold(id: string): Promise<Thread | undefined> {
    return this.#read(`${FIND} for update of t`, id);
  }

  async #read(statement: string, id: string): Promise<Thread | undefined> {
    const [row] = await this.unitOfWork.sql.query<ThreadRow>(statement, [this.scope.tenantId, id]);
    return row && toThread(row);
  }

  async open(
    phoneNumberId: string,
    outgoing: readonly { readonly contactId: string; readonly preview: string }[],
    at: Date,
  ): Promise<ReadonlyMap<string, string>> {
    // In one order, so that two numbers' lanes do not wait for each other.
    const sorted = [...outgoing].sort((a, b) => (a.contactId < b.contactId ? -1 : 1));
    const rows = await this.unitOfWork.sql.query<{ id: string; contact_id: string }>(
      `insert into thread (tenant_id, id, phone_number_id, contact_id, unread_count, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
       select $1::uuid, id, $2, contact_id, 0, $3::timestamptz, 'OUTBOUND', preview, $3::timestamptz, $3::timestamptz
       from unnest($4::uuid[], $5::uuid[], $6::text[]) as o (id, contact_id, preview)
       on conflict (tenant_id, phone_number_id, contact_id) do update set
         last_message_at = greatest(thread.last_message_at, excluded.last_message_at),
         last_message_direction = 'OUTBOUND', last_message_preview = excluded.last_message_preview, updated_at = excluded.updated_at
       returning id, contact_id`,
      [
        this.scope.tenantId,
        phoneNumberId,
        at.toISOString(),
        sorted.map(() => newId()),
        sorted.map(({ contactId }) => contactId),
        sorted.map(({ preview }) => preview),
      ],
    );
    return new Map(rows.map(({ id, contact_id }) => [contact_id, id]));
  }

  async lastInboundOf(phoneNumberId: string, contactIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.unitOfWork.sql.query<{ contact_id: string; last_inbound_at: Date }>(
      `select contact_id, last_inbound_at from thread
       where tenant_id = $1::uuid and phone_number_id = $2 and contact_id = any($3::uuid[]) and last_inbound_at is not null and status <> 'blocked'`,
      [this.scope.tenantId, phoneNumberId, contactIds],
    );
    return new Map(rows.map(({ contact_id, last_inbound_at }) => [contact_id, last_inbound_at]));
  }

  async recordOutbound(threadId: string, preview: string, at: Date): Promise<void> {
    await this.unitOfWork.sql.query(
      `update thread set last_message_at = greatest(last_message_at, $3::timestamptz), last_message_direction = 'OUTBOUND', last_message_preview = $4,
         updated_at = $3::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, threadId, at.toISOString(), preview],
    );
  }

  async recordSent(threadId: string, { preview, at, byPerson }: Sent): Promise<void> {
    await this.unitOfWork.sql.query(
      `update thread set last_message_at = greatest(last_message_at, $3::timestamptz), last_message_direction = 'OUTBOUND', last_message_preview = $4,
         unread_count = case when $5::boolean then 0 else unread_count end,
         status = case when $5::boolean and status = 'archived' then 'active' else status end, updated_at = $3::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, threadId, at.toISOString(), preview, byPerson],
    );
  }

  async decideTypes(threadIds: readonly string[], type: 'owner' | 'guest'): Promise<string[]> {
    if (threadIds.length === 0) return [];
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      'update thread set type = $3 where tenant_id = $1::uuid and id = any($2::uuid[]) and type is null returning id',
      [this.scope.tenantId, threadIds, type],
    );
    return rows.map(({ id }) => id);
  }

  async saveAllowance(threadId: string, { tookAt, noticeAt }: AutomationAllowance): Promise<void> {
    await this.unitOfWork.sql.query(
      'update thread set automation_took_at = $3::timestamptz[], limit_notice_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid',
      [this.scope.tenantId, threadId, tookAt.map((took) => took.toISOString()), noticeAt?.toISOString() ?? null],
    );
  }

  async silence(threadId: string, silence: Silence): Promise<Silence> {
    const { why, at, until } = silence;
    const [row] = await this.unitOfWork.sql.query<SilenceRow>(SILENCE, [
      this.scope.tenantId,
      threadId,
      why,
      at.toISOString(),
      until?.toISOString() ?? null,
    ]);
    return (row && toSilence(row)) ?? silence;
  }

  async liftSilence(threadId: string): Promise<void> {
    await this.unitOfWork.sql.query(
      'update thread set bot_paused_until = null where tenant_id = $1::uuid and id = $2::uuid',
      [this.scope.tenantId, threadId],
    );
  }

  async adopt(survivorId: string, absorbedIds: readonly string[]): Promise<void> {
    for (const absorbedId of absorbedIds) await this.#adopt([this.scope.tenantId, survivorId, absorbedId]);
  }

  /** Numbers on which the survivor has no thread pass to them as they are; the others are folded into the survivor's. */
  async #adopt(parameters: [tenantId: string, survivorId: string, absorbedId: string]): Promise<void> {
    await this.unitOfWork.sql.query(
      `select id from thread where tenant_id = $1::uuid and contact_id in ($2::uuid, $3::uuid) order by id for update`,
      parameters,
    );
    await this.unitOfWork.sql.query(
      `update thread t set contact_id = $2::uuid
       where t.tenant_id = $1::uuid and t.contact_id = $3::uuid and t.merged_into_id is null and not exists (
         select from thread s where s.tenant_id = t.tenant_id and s.contact_id = $2::uuid and s.phone_number_id = t.phone_number_id)`,
      parameters,
    );
    await this.unitOfWork.sql.query(
      `update thread s set
         unread_count = s.unread_count + t.unread_count,
         last_message_direction = case when t.last_message_at > s.last_message_at then t.last_message_direction else s.last_message_direction end,
         last_message_preview = case when t.last_message_at > s.last_message_at then t.last_message_preview else s.last_message_preview end,
         last_message_at = greatest(s.last_message_at, t.last_message_at),
         last_inbound_at = greatest(s.last_inbound_at, t.last_inbound_at)
       from thread t
       where s.tenant_id = $1::uuid and s.contact_id = $2::uuid
         and t.tenant_id = $1::uuid and t.contact_id = $3::uuid and t.phone_number_id = s.phone_number_id and t.merged_into_id is null`,
      parameters,
    );
    for (const statement of PASS_ON) await this.unitOfWork.sql.query(statement, parameters);
    const folded = await this.unitOfWork.sql.query<{ from: string; into: string }>(FOLDED, parameters);
    for (const { from, into } of folded) await this.followers.fold(from, into);
    // Those that were folded into the absorbed contact's thread before point to the survivor's too: a read follows one step, never a chain.
    await this.unitOfWork.sql.query(
      `update thread f set merged_into_id = s.id, unread_count = 0
       from thread t join thread s on s.tenant_id = t.tenant_id and s.phone_number_id = t.phone_number_id and s.contact_id = $2::uuid
       where t.tenant_id = $1::uuid and t.contact_id = $3::uuid and t.merged_into_id is null
         and f.tenant_id = t.tenant_id and (f.id = t.id or f.merged_into_id = t.id)`,
      parameters,
    );
  }
}

// What happened before the silence that is known says nothing about it: an echo may come late.
const GIVES_REASON = `(bot_paused_at is null or bot_paused_at <= $4::timestamptz
  and ($3 = 'person' or bot_paused_until is null or bot_paused_until <= $4::timestamptz))`;

const SILENCE = `
  update thread set bot_paused_until = greatest(bot_paused_until, $5::timestamptz),
    bot_paused_at = case when ${GIVES_REASON} then $4::timestamptz else bot_paused_at end,
    bot_paused_reason = case when ${GIVES_REASON} then $3 else bot_paused_reason end
  where tenant_id = $1::uuid and id = $2::uuid returning bot_paused_until, bot_paused_at, bot_paused_reason`;

const FIND = `
  select t.id, t.phone_number_id, t.contact_id, t.last_inbound_at, t.status, t.bot_paused_until, t.bot_paused_at, t.bot_paused_reason, t.automation_took_at, t.limit_notice_at
  from thread asked join thread t on t.tenant_id = asked.tenant_id and t.id = case when asked.merged_into_id is null then asked.id else asked.merged_into_id end
  where asked.tenant_id = $1::uuid and asked.id = $2::uuid`;

const RECEIVE = `
  with before as (
    select status, last_inbound_at from thread where tenant_id = $1::uuid and phone_number_id = $3 and contact_id = $4::uuid)
  insert into thread (tenant_id, id, phone_number_id, contact_id, unread_count, last_message_at, last_message_direction, last_message_preview, last_inbound_at, created_at, updated_at)
  values ($1::uuid, $2::uuid, $3, $4::uuid, $5::int, $6::timestamptz, 'INBOUND', $7, $8::timestamptz, $9::timestamptz, $9::timestamptz)
  on conflict (tenant_id, phone_number_id, contact_id) do update set
    -- Whoever has it open reads it as it comes: by the database's own clock, as their lease is (C27).
    unread_count = thread.unread_count + case when thread.status = 'blocked' or ${watched('thread.id')} then 0 else excluded.unread_count end,
    last_message_at = greatest(thread.last_message_at, excluded.last_message_at),
    last_message_direction = case when excluded.last_message_at >= thread.last_message_at then 'INBOUND' else thread.last_message_direction end,
    last_message_preview = case when excluded.last_message_at >= thread.last_message_at then excluded.last_message_preview else thread.last_message_preview end,
    last_inbound_at = greatest(thread.last_inbound_at, excluded.last_inbound_at),
    status = case when thread.status = 'archived' and excluded.unread_count > 0 then 'active' else thread.status end,
    updated_at = excluded.updated_at
  returning id, status, ${watched('thread.id')} as is_watched, (select to_jsonb(before) from before) as before`;

function watched(threadId: string): string {
  return `exists (select from thread_viewer v where v.tenant_id = $1::uuid and v.thread_id = ${threadId} and v.viewing_until > now())`;
}

function toThread(row: ThreadRow): Thread {
  return {
    id: row.id,
    phoneNumberId: row.phone_number_id,
    contactId: row.contact_id,
    lastInboundAt: row.last_inbound_at ?? undefined,
    status: row.status,
    silence: toSilence(row),
    allowance: { tookAt: row.automation_took_at, noticeAt: row.limit_notice_at ?? undefined },
  };
}

function toSilence(row: SilenceRow): Silence | undefined {
  if (row.bot_paused_reason === null || row.bot_paused_at === null) return undefined;
  return { why: row.bot_paused_reason, at: row.bot_paused_at, until: row.bot_paused_until ?? undefined };
}
