import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MessageWatcher, type MovedMessage, WatchesMessages } from '../../application/outbound/message-watcher.js';

/** "User has stopped marketing messages from your business" (Meta, "Error codes"). */
const STOPPED = '131050';

/** What the provider's refusal tells of a customer's choice is the same as its webhook tells (F7, C54): no second message is tried. */
@Injectable()
@WatchesMessages()
export class NoteMarketingStops extends MessageWatcher {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  queued(): Promise<void> {
    return Promise.resolve();
  }

  reported(): Promise<void> {
    return Promise.resolve();
  }

  async moved(messages: readonly MovedMessage[]): Promise<void> {
    const refused = messages.filter(({ state, failure }) => state === 'failed' && String(failure?.code) === STOPPED);
    if (refused.length === 0) return;
    // The time of the provider's word, where it came as a status: a choice that was made after it holds.
    await this.unitOfWork.sql.query(
      `insert into marketing_preference (tenant_id, phone_number_id, address_kind, address, choice, chosen_at, raw)
       select distinct on (m.phone_number_id, m.address_kind, m.address) m.tenant_id, m.phone_number_id, m.address_kind, m.address, 'stop',
         coalesce((select max((s ->> 'at')::timestamptz) from jsonb_array_elements(m.statuses) s where s ->> 'status' = 'failed'), m.updated_at) as at,
         jsonb_build_object('messageId', m.id, 'failure', m.failure)
       from message m where m.tenant_id = $1::uuid and m.id = any($2::uuid[])
       order by m.phone_number_id, m.address_kind, m.address, at desc
       on conflict (tenant_id, phone_number_id, address_kind, address) do update
         set choice = excluded.choice, chosen_at = excluded.chosen_at, raw = excluded.raw
         where marketing_preference.chosen_at <= excluded.chosen_at`,
      [this.scope.tenantId, refused.map(({ messageId }) => messageId)],
    );
  }
}
