import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  type KnownPhoneMessage,
  MEDIA_PLACEHOLDER,
  type PhoneMessage,
  PhoneMessages,
} from '../../application/changes/phone-messages.js';
import type { InboundBody } from '../../application/inbound/inbound-message.js';
import { OrphanStatuses } from '../../application/inbound/orphan-statuses.js';

/** States of a message of ours, by the provider's last word in its history. */
const STATES: Readonly<Record<string, string>> = {
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  error: 'failed',
};

/**
 * Messages of the phone as rows of the messages' table. Those of the history have numbers below all others, in order of the provider's time,
 * so that they stand before what happened since; those of one second keep the order in which they came.
 */
@Injectable()
export class SqlPhoneMessages extends PhoneMessages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly orphans: OrphanStatuses,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(phoneNumberId: string, wamid: string): Promise<KnownPhoneMessage | undefined> {
    const [row] = await this.unitOfWork.sql.query<KnownPhoneMessage>(
      `select id as "messageId", thread_id as "threadId", direction from message where tenant_id = $1::uuid and phone_number_id = $2 and wamid = $3`,
      [this.scope.tenantId, phoneNumberId, wamid],
    );
    return row;
  }

  async store(message: PhoneMessage): Promise<string> {
    const { phoneNumberId, wamid, origin, direction, customer, threadId, sentAt, body } = message;
    const id = newId();
    const sent = sentAt.toISOString();
    const state = direction === 'INBOUND' ? 'received' : (STATES[message.status ?? ''] ?? 'sent');
    await this.unitOfWork.sql.query(
      `insert into message (tenant_id, id, seq, phone_number_id, direction, address_kind, address, thread_id, type, content, origin, state, statuses, wamid,
         context_wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, ${origin === 'history' ? HISTORY_SEQ : LIVE_SEQ}, $4, $5, $6, $7, $8::uuid, $9, $10::jsonb, $11, $12, $13::jsonb, $14,
         $15, $16::timestamptz, $3::timestamptz, $16::timestamptz)`,
      [
        this.scope.tenantId,
        id,
        sent,
        phoneNumberId,
        direction,
        customer.waId === undefined ? 'bsuid' : 'phone',
        customer.waId ?? customer.userId ?? '',
        threadId,
        typeOf(body),
        JSON.stringify(body),
        origin,
        state,
        // What a later callback tells is merged with it, and does not fall behind it.
        JSON.stringify(direction === 'INBOUND' ? [] : [{ status: state, at: sent }]),
        wamid,
        message.contextWamid ?? null,
        this.clock.now().toISOString(),
      ],
    );
    if (direction === 'OUTBOUND') await this.orphans.settleOrphans(phoneNumberId, [wamid]);
    return id;
  }

  async complete(messageId: string, body: InboundBody): Promise<boolean> {
    const completed = await this.unitOfWork.sql.query(
      `update message set type = $3, content = $4::jsonb, updated_at = $5::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and content ->> 'providerType' = '${MEDIA_PLACEHOLDER}' returning id`,
      [this.scope.tenantId, messageId, typeOf(body), JSON.stringify(body), this.clock.now().toISOString()],
    );
    return completed.length > 0;
  }

  async markRevoked(messageId: string, at: Date): Promise<void> {
    await this.unitOfWork.sql.query(
      `update message set content = content || jsonb_build_object('revokedAt', $3::text), updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, messageId, at.toISOString(), this.clock.now().toISOString()],
    );
  }
}

const LIVE_SEQ = `nextval('message_seq_seq')`;
const HISTORY_SEQ = `(extract(epoch from $3::timestamptz) * 1000000)::bigint + nextval('message_seq_seq') % 1000000 - 10000000000000000`;

/** The kind of a medium says more than that it is one. */
function typeOf(body: InboundBody): string {
  return body.type === 'media' ? body.kind : body.type;
}
