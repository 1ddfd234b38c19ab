import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type CallRecord, Calls } from '../../application/echoes/calls.js';

const COLUMNS = `c.call_id as "callId", c.phone_number_id as "phoneNumberId", c.thread_id as "threadId", c.direction, c.address_kind as "addressKind", c.address,
  c.state, c.started_at as "startedAt", c.ended_at as "endedAt", c.duration_s as "durationS", c.events, c.updated_at as "updatedAt"`;

/** Calls in messaging's table of them. */
@Injectable()
export class SqlCalls extends Calls {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async find(callId: string): Promise<CallRecord | undefined> {
    const [row] = await this.unitOfWork.sql.query<CallRecord>(
      `select ${COLUMNS} from call_record c where c.tenant_id = $1::uuid and c.call_id = $2 for update`,
      [this.scope.tenantId, callId],
    );
    return row;
  }

  async save(call: CallRecord): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into call_record (tenant_id, call_id, phone_number_id, thread_id, direction, address_kind, address, state, started_at, ended_at, duration_s, events, updated_at)
       values ($1::uuid, $2, $3, $4::uuid, $5, $6, $7, $8, $9::timestamptz, $10::timestamptz, $11::int, $12::jsonb, $13::timestamptz)
       on conflict (tenant_id, call_id) do update set thread_id = excluded.thread_id, state = excluded.state, started_at = excluded.started_at,
         ended_at = excluded.ended_at, duration_s = excluded.duration_s, events = excluded.events, updated_at = excluded.updated_at`,
      [
        this.scope.tenantId,
        call.callId,
        call.phoneNumberId,
        call.threadId,
        call.direction,
        call.addressKind,
        call.address,
        call.state,
        call.startedAt?.toISOString() ?? null,
        call.endedAt?.toISOString() ?? null,
        call.durationS,
        JSON.stringify(call.events),
        call.updatedAt.toISOString(),
      ],
    );
  }

  list(
    access: InboxAccess,
    { conversationId }: { readonly conversationId?: string | undefined },
    limit: number,
    after?: { readonly updatedAt: Date; readonly callId: string },
  ): Promise<CallRecord[]> {
    const seen = seenUnderThreads(access, 'c', 6);
    return this.unitOfWork.sql.query<CallRecord>(
      `select ${COLUMNS} from call_record c
       where c.tenant_id = $1::uuid and ($2::uuid is null or c.thread_id = $2) and ($3::timestamptz is null or (c.updated_at, c.call_id) < ($3, $4)) and ${seen.sql}
       order by c.updated_at desc, c.call_id desc limit $5::int`,
      [
        this.scope.tenantId,
        conversationId ?? null,
        after?.updatedAt.toISOString() ?? null,
        after?.callId ?? null,
        limit,
        ...seen.parameters,
      ],
    );
  }
}
