import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { seenThreads } from '../../../platform/auth/index.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ConversationNotFound } from '../domain/conversation-errors.js';
import {
  CONVERSATION_COLUMNS,
  type ConversationRow,
  type ConversationView,
  toConversationView,
} from './conversation-view.js';

/** One conversation; one that was merged answers with the one that it became. @throws ConversationNotFound */
export class FindConversation extends Query<ConversationView> {
  constructor(
    readonly access: InboxAccess,
    readonly conversationId: string,
  ) {
    super();
  }
}

@QueryHandler(FindConversation)
export class FindConversationHandler implements IQueryHandler<FindConversation> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ access, conversationId }: FindConversation): Promise<ConversationView> {
    const seen = seenThreads(access, 't', 4);
    const [row] = await this.unitOfWork.sql.query<ConversationRow>(
      `select ${CONVERSATION_COLUMNS}
       from thread asked
       join thread t on t.tenant_id = asked.tenant_id and t.id = case when asked.merged_into_id is null then asked.id else asked.merged_into_id end
       join contact c on c.tenant_id = t.tenant_id and c.id = t.contact_id
       where asked.tenant_id = $1::uuid and asked.id = $3::uuid and ${seen.sql}`,
      [this.scope.tenantId, access.userId ?? null, conversationId, ...seen.parameters],
    );
    if (!row) throw new ConversationNotFound();
    return toConversationView(row, this.clock.now());
  }
}
