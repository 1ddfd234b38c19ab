import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { newId } from '../../../../kernel/ids.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { FollowedMessage } from '../../application/outbound/message-follower.js';
import { type EnqueuedMessage, keyOf, type MessageOrder } from '../../application/outbound/message-order.js';
import { OutgoingMessages } from '../../application/outbound/outgoing-messages.js';
import type { QueuedMessage } from '../../application/outbound/message-watcher.js';
import { Followers, MOVED_COLUMNS, type MovedRow, toMove } from './followers.js';
import {
  MessageNotFound,
  OutboundMessage,
  type OutboundState,
  PRIORITY,
  PRIORITY_OF_CLASS,
} from '../../domain/outbound-message.js';
import { Watchers } from './watchers.js';

/** Bare statements: messages are enqueued from transactions of either kind, Prisma's and the lanes'. */
@Injectable()
export class SqlOutgoingMessages extends OutgoingMessages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly followers: Followers,
    private readonly watchers: Watchers,
  ) {
    super();
  }

  async add(orders: readonly MessageOrder[]): Promise<EnqueuedMessage[]> {
    if (orders.length === 0) return [];
    const ids = orders.map(() => newId());
    const column = <Value>(value: (order: MessageOrder) => Value): Value[] => orders.map(value);
    const keys = column((order) => keyOf(order) ?? null);
    // A key that another transaction is using is waited for: it commits, and its message is the answer, or it vanishes.
    const added = await this.unitOfWork.sql.query<{ id: string }>(ADD, [
      this.scope.tenantId,
      ids,
      column(({ phoneNumberId }) => phoneNumberId),
      column(({ to }) => to.kind),
      column(({ to }) => to.value),
      column(({ threadId }) => threadId ?? null),
      column(({ content }) => JSON.stringify(content)),
      column(({ category }) => category),
      column(({ category, priority }) => (priority ? PRIORITY_OF_CLASS[priority] : PRIORITY[category])),
      keys,
      column(({ contextWamid }) => contextWamid ?? null),
      column(({ notBefore }) => notBefore?.toISOString() ?? null),
      column(({ expiresAt }) => expiresAt?.toISOString() ?? null),
      column(({ sentBy }) => sentBy ?? null),
      column(({ followedBy }) => followedBy?.follower ?? null),
      column(({ followedBy }) => followedBy?.subjectId ?? null),
      column(({ step }) => step?.templateKey ?? null),
      column(({ step }) => (step?.variables ? JSON.stringify(step.variables) : null)),
    ]);
    const fresh = new Set(added.map(({ id }) => id));
    await this.watchers.queued(
      orders.flatMap((order, index) => (fresh.has(ids[index]!) ? [toQueued(ids[index]!, order)] : [])),
    );
    if (added.length === orders.length) return ids.map((messageId) => ({ messageId, duplicate: false }));
    const firsts = await this.#firstWithKey(keys);
    return ids.map((messageId, index) =>
      fresh.has(messageId)
        ? { messageId, duplicate: false }
        : { messageId: firsts.get(keys[index]!)!, duplicate: true },
    );
  }

  async withKey(idempotencyKey: string): Promise<string | undefined> {
    return (await this.#firstWithKey([idempotencyKey])).get(idempotencyKey);
  }

  async #firstWithKey(keys: readonly (string | null)[]): Promise<Map<string, string>> {
    const rows = await this.unitOfWork.sql.query<{ id: string; idempotency_key: string }>(
      `select id, idempotency_key from message where tenant_id = $1::uuid and idempotency_key = any($2::text[])`,
      [this.scope.tenantId, keys],
    );
    return new Map(rows.map(({ id, idempotency_key }) => [idempotency_key, id]));
  }

  async getForUpdate(access: InboxAccess, messageId: string): Promise<OutboundMessage> {
    const seen = seenUnderThreads(access, 'm', 3);
    const [row] = await this.unitOfWork.sql.query<{ phone_number_id: string; state: OutboundState }>(
      `select m.phone_number_id, m.state from message m
       where m.tenant_id = $1::uuid and m.id = $2::uuid and m.direction = 'OUTBOUND' and ${seen.sql} for update of m`,
      [this.scope.tenantId, messageId, ...seen.parameters],
    );
    if (!row) throw new MessageNotFound();
    return new OutboundMessage(messageId, row.phone_number_id, row.state);
  }

  async followed(follower: string, messageIds: readonly string[]): Promise<FollowedMessage[]> {
    if (messageIds.length === 0) return [];
    const rows = await this.unitOfWork.sql.query<MovedRow & { left_at: Date | null }>(FOLLOWED, [
      this.scope.tenantId,
      messageIds,
      follower,
    ]);
    return rows.map((row) => ({ ...toMove(row), leftAt: row.left_at ?? undefined }));
  }

  async save({ id, state }: OutboundMessage): Promise<void> {
    const moved = await this.unitOfWork.sql.query<MovedRow>(
      `update message m set state = $3, refusals = 0, next_at = (select business_now()), updated_at = (select business_now())
       where tenant_id = $1::uuid and id = $2::uuid returning ${MOVED_COLUMNS}`,
      [this.scope.tenantId, id, state],
    );
    await this.followers.tell(moved);
  }
}

function toQueued(messageId: string, order: MessageOrder): QueuedMessage {
  const { phoneNumberId, threadId, to, content, contextWamid, step, sentBy, notBefore } = order;
  return {
    ...{ messageId, phoneNumberId, to: to.value, content },
    ...{ threadId: threadId ?? null, contextWamid: contextWamid ?? null, idempotencyKey: keyOf(order) ?? null },
    ...{ templateKey: step?.templateKey ?? null, sentBy: sentBy ?? null, leavesAt: notBefore ?? null },
  };
}

// In one order, as everybody locks them. Whoever is moving one tells its follower himself, and what waits for its turn is not touched: a
// claim passes over what is locked.
const FOLLOWED = `
  select ${MOVED_COLUMNS}, case when m.state in ('accepted', 'sent', 'delivered', 'read') then
      (select a.started_at from send_attempt a where a.tenant_id = m.tenant_id and a.message_id = m.id and a.attempt_no = m.attempt_no) end as left_at
  from message m where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.follower = $3
    and m.state not in ('queued', 'sending')
  order by m.id for share of m skip locked`;

const ADD = `
  insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, category, priority,
    idempotency_key, state, context_wamid, next_at, expires_at, sent_by, follower, subject_id, template_key, variables, created_at, updated_at)
  select $1::uuid, id, phone_number_id, 'OUTBOUND', address_kind, address, thread_id, content ->> 'type', content, category, priority,
    idempotency_key, 'queued', context_wamid, coalesce(not_before, (select business_now())), expires_at, sent_by, follower,
    subject_id, template_key, variables, (select business_now()), (select business_now())
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::jsonb[], $8::text[], $9::smallint[], $10::text[], $11::text[],
      $12::timestamptz[], $13::timestamptz[], $14::text[], $15::text[], $16::uuid[], $17::text[], $18::jsonb[]) with ordinality
    as o (id, phone_number_id, address_kind, address, thread_id, content, category, priority, idempotency_key, context_wamid, not_before,
      expires_at, sent_by, follower, subject_id, template_key, variables, n)
  order by n
  on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing
  returning id`;
