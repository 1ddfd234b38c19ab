import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type Placed, PhoneThreads } from '../../application/echoes/phone-threads.js';

@Injectable()
export class SqlPhoneThreads extends PhoneThreads {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async place(message: Placed): Promise<{ threadId: string; isNew: boolean }> {
    const { phoneNumberId, contactId, direction, at, preview, opensWindowAt } = message;
    const id = newId();
    const [row] = await this.unitOfWork.sql.query<{ id: string }>(
      `insert into thread (tenant_id, id, phone_number_id, contact_id, unread_count, last_message_at, last_message_direction, last_message_preview, last_inbound_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4::uuid, 0, $5::timestamptz, $6, $7, $8::timestamptz, $9::timestamptz, $9::timestamptz)
       on conflict (tenant_id, phone_number_id, contact_id) do update set
         last_message_direction = case when excluded.last_message_at > thread.last_message_at then excluded.last_message_direction else thread.last_message_direction end,
         last_message_preview = case when excluded.last_message_at > thread.last_message_at then excluded.last_message_preview else thread.last_message_preview end,
         last_message_at = greatest(thread.last_message_at, excluded.last_message_at),
         last_inbound_at = greatest(thread.last_inbound_at, excluded.last_inbound_at)
       returning id`,
      [
        this.scope.tenantId,
        id,
        phoneNumberId,
        contactId,
        at.toISOString(),
        direction,
        preview,
        opensWindowAt?.toISOString() ?? null,
        this.clock.now().toISOString(),
      ],
    );
    return { threadId: row!.id, isNew: row!.id === id };
  }
}
