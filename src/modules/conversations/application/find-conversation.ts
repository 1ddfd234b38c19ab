import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { seenThreads } from '../../../platform/auth/index.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ConversationNotFound } from '../domain/conversation-errors.js';
import {
  CONVERSATION_ROWS,
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
    const seen = seenThreads(access, 't', 3);
    const [row] = await this.unitOfWork.sql.query<ConversationRow>(
      `${CONVERSATION_ROWS}
         and t.id = (select coalesce(asked.merged_into_id, asked.id) from thread asked where asked.tenant_id = $1::uuid and asked.id = $2::uuid)
         and ${seen.sql}`,
      [this.scope.tenantId, conversationId, ...seen.parameters],
    );
    if (!row) throw new ConversationNotFound();
    return toConversationView(row, this.clock.now());
  }
}
