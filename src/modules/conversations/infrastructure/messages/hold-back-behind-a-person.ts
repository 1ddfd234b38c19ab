import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { automaticKey, GuardsMessages, MessageGuard, type MessageToGuard } from '../../../messaging/index.js';
import { RULE_KEYS } from '../../application/rules/answer-by-rule.js';

/**
 * What automation wrote before a person took over does not leave after it (F12): the customer would read the bot behind the person. A rule of
 * the merchant's is an explicit order, which holds while a person answers; what the flow hands over with is no person's doing.
 */
@Injectable()
@GuardsMessages()
export class HoldBackBehindAPerson extends MessageGuard {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async forbid(messages: readonly MessageToGuard[]): Promise<ReadonlyMap<string, string>> {
    const ids = messages.flatMap(({ messageId, threadId }) => (threadId === null ? [] : [messageId]));
    if (ids.length === 0) return new Map();
    // Probes of primary keys, of threads for automatic answers alone.
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select m.id from message m
       join thread named on named.tenant_id = m.tenant_id and named.id = m.thread_id
       join thread kept on kept.tenant_id = named.tenant_id and kept.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
       where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.category = 'automatic_answer' and not starts_with(coalesce(m.idempotency_key, ''), $3)
         and kept.bot_paused_reason = 'person' and kept.bot_paused_at > m.created_at`,
      [this.scope.tenantId, ids, automaticKey(RULE_KEYS)],
    );
    return new Map(rows.map(({ id }) => [id, 'PERSON_ANSWERED']));
  }
}
