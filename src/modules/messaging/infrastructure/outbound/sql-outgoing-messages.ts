import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { EnqueuedMessage, MessageOrder } from '../../application/outbound/message-order.js';
import { OutgoingMessages } from '../../application/outbound/outgoing-messages.js';
import { MessageNotFound, OutboundMessage, type OutboundState, PRIORITY } from '../../domain/outbound-message.js';

/** Bare statements: messages are enqueued from transactions of either kind, Prisma's and the lanes'. */
@Injectable()
export class SqlOutgoingMessages extends OutgoingMessages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async add(order: MessageOrder): Promise<EnqueuedMessage> {
    const messageId = newId();
    // A key that another transaction is using is waited for: it commits, and its message is the answer, or it vanishes.
    const [added] = await this.unitOfWork.sql.query<{ id: string }>(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, category, priority,
         idempotency_key, state, context_wamid, next_at, expires_at, sent_by, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'OUTBOUND', $4, $5, $6::uuid, $7, $8::jsonb, $9, $10::smallint, $11, 'queued', $12,
         coalesce($13::timestamptz, (select business_now())), $14::timestamptz, $15, (select business_now()), (select business_now()))
       on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing
       returning id`,
      [
        this.scope.tenantId,
        messageId,
        order.phoneNumberId,
        order.to.kind,
        order.to.value,
        order.threadId ?? null,
        order.content.type,
        JSON.stringify(order.content),
        order.category,
        PRIORITY[order.category],
        order.idempotencyKey ?? null,
        order.contextWamid ?? null,
        order.notBefore?.toISOString() ?? null,
        order.expiresAt?.toISOString() ?? null,
        order.sentBy ?? null,
      ],
    );
    if (added) return { messageId, duplicate: false };
    const [first] = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from message where tenant_id = $1::uuid and idempotency_key = $2`,
      [this.scope.tenantId, order.idempotencyKey],
    );
    return { messageId: first!.id, duplicate: true };
  }

  async getForUpdate(messageId: string): Promise<OutboundMessage> {
    const [row] = await this.unitOfWork.sql.query<{ phone_number_id: string; state: OutboundState }>(
      `select phone_number_id, state from message where tenant_id = $1::uuid and id = $2::uuid and direction = 'OUTBOUND' for update`,
      [this.scope.tenantId, messageId],
    );
    if (!row) throw new MessageNotFound();
    return new OutboundMessage(messageId, row.phone_number_id, row.state);
  }

  async save({ id, state }: OutboundMessage): Promise<void> {
    await this.unitOfWork.sql.query(
      `update message set state = $3, refusals = 0, next_at = (select business_now()), updated_at = (select business_now())
       where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, id, state],
    );
  }
}
