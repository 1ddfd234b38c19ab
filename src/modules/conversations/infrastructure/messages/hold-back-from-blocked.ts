import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { GuardsMessages, MessageGuard, type MessageToGuard } from '../../../messaging/index.js';

/** What was queued before somebody blocked the conversation does not leave after it (S1.92): whatever waits for its turn, or for a retry. */
@Injectable()
@GuardsMessages()
export class HoldBackFromBlocked extends MessageGuard {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async forbid(messages: readonly MessageToGuard[]): Promise<ReadonlyMap<string, string>> {
    const threadIds = [...new Set(messages.flatMap(({ threadId }) => threadId ?? []))];
    if (threadIds.length === 0) return new Map();
    // Each a probe of the primary key.
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select named.id from thread named
       join thread kept on kept.tenant_id = named.tenant_id and kept.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
       where named.tenant_id = $1::uuid and named.id = any($2::uuid[]) and kept.status = 'blocked'`,
      [this.scope.tenantId, threadIds],
    );
    const blocked = new Set(rows.map(({ id }) => id));
    return new Map(
      messages.flatMap(({ messageId, threadId }) =>
        threadId !== null && blocked.has(threadId) ? [[messageId, 'CONVERSATION_BLOCKED']] : [],
      ),
    );
  }
}
