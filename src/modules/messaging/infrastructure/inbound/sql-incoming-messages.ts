import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { InboundBody, InboundMessage } from '../../application/inbound/inbound-message.js';
import {
  IncomingMessages,
  type TakenMessage,
  type WaitingMessage,
} from '../../application/inbound/incoming-messages.js';
import { inboundMessageOf } from './meta-message.js';

interface TakenRow {
  phone_number_id: string;
  provider_at: Date;
  payload: unknown;
  processed_at: Date | null;
  message_id: string | null;
  thread_id: string | null;
}

/** Customers' messages as webhook events, and as rows of the messages' table. */
@Injectable()
export class SqlIncomingMessages extends IncomingMessages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async waiting(laneKey: string, limit: number): Promise<WaitingMessage[]> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string; tries: number; next_at: Date }>(
        `select id, tries, next_at from webhook_event where tenant_id = $1 and subject = $2 and state = 'pending' and kind = 'message'
         order by provider_at, seq limit $3`,
        [this.scope.tenantId, laneKey, limit],
      ),
    );
    return rows.map((row) => ({ eventId: row.id, tries: row.tries, dueAt: row.next_at }));
  }

  /** The event is marked first: whoever else wants it waits for this transaction, and then finds it done. */
  async take(eventId: string): Promise<TakenMessage | undefined> {
    const [row] = await this.unitOfWork.sql.query<TakenRow>(
      `with waiting as (
         select * from webhook_event where tenant_id = $1::uuid and id = $2::uuid and state = 'pending' for update),
       taken as (
         update webhook_event event set state = 'processed', reason = null, processed_at = coalesce(event.processed_at, (select business_now()))
         from waiting where event.tenant_id = waiting.tenant_id and event.id = waiting.id)
       select waiting.phone_number_id, waiting.provider_at, waiting.payload, waiting.processed_at, message.id as message_id, message.thread_id
       from waiting left join message on message.tenant_id = $1::uuid and message.phone_number_id = waiting.phone_number_id
         and message.wamid = waiting.payload #>> '{message,id}'`,
      [this.scope.tenantId, eventId],
    );
    if (!row) return undefined;
    return {
      message: inboundMessageOf(row.payload, { phoneNumberId: row.phone_number_id, sentAt: row.provider_at }),
      stored: row.message_id === null ? undefined : { threadId: row.thread_id },
      concluded: row.processed_at !== null,
    };
  }

  async store(
    { wamid, phoneNumberId, from, body, contextWamid, sentAt }: Omit<InboundMessage, 'mayAnswer'>,
    messageId: string,
    threadId: string | undefined,
  ): Promise<void> {
    const recipient =
      from.waId === undefined
        ? { kind: 'bsuid', value: from.userId ?? from.parentUserId ?? '' }
        : { kind: 'phone', value: from.waId };
    const now = this.clock.now().toISOString();
    await this.unitOfWork.sql.query(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, wamid, context_wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, 'INBOUND', $4, $5, $6::uuid, $7, $8::jsonb, 'received', $9, $10, $11::timestamptz, $12::timestamptz, $11::timestamptz)`,
      [
        this.scope.tenantId,
        messageId,
        phoneNumberId,
        recipient.kind,
        recipient.value,
        threadId ?? null,
        typeOf(body),
        JSON.stringify(body),
        wamid,
        contextWamid ?? null,
        now,
        sentAt.toISOString(),
      ],
    );
  }

  async postpone(eventId: string, tries: number, dueAt: Date, error: string): Promise<void> {
    await this.unitOfWork.runSql((sql) =>
      sql.query(
        `update webhook_event set tries = $3, next_at = $4::timestamptz, reason = $5 where tenant_id = $1::uuid and id = $2::uuid and state = 'pending'`,
        [this.scope.tenantId, eventId, tries, dueAt.toISOString(), error],
      ),
    );
  }

  /** Without the mark of an end: what is owed is done when the event is taken up again. */
  async quarantine(eventId: string, reason: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_event set state = 'quarantined', reason = $3, processed_at = null where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, eventId, reason],
    );
  }
}

/** The kind of a medium says more than that it is one. */
function typeOf(body: InboundBody): string {
  return body.type === 'media' ? body.kind : body.type;
}
