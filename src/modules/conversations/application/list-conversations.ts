import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { seenThreads } from '../../../platform/auth/index.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../platform/http/pagination.js';
import {
  CONVERSATION_ROWS,
  type ConversationRow,
  type ConversationView,
  toConversationView,
} from './conversation-view.js';

export interface ConversationFilter {
  readonly phoneNumberId?: string | undefined;
  readonly unread?: boolean | undefined;
}

/** The shared inbox, newest activity first, as far as the caller sees it (S1.29, S1.30). */
export class ListConversations extends Query<Page<ConversationView>> {
  constructor(
    readonly access: InboxAccess,
    readonly filter: ConversationFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ lastMessageAt: 'instant', id: 'uuid' });

@QueryHandler(ListConversations)
export class ListConversationsHandler implements IQueryHandler<ListConversations> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ access, filter, limit, cursor: given }: ListConversations): Promise<Page<ConversationView>> {
    const after = cursor.read(given);
    const seen = seenThreads(access, 't', 7);
    const rows = await this.unitOfWork.sql.query<ConversationRow>(
      `${CONVERSATION_ROWS}
         and ($2::timestamptz is null or (t.last_message_at, t.id) < ($2::timestamptz, $3::uuid))
         and ($4::text is null or t.phone_number_id = $4::text)
         and ($5::boolean is null or (t.unread_count > 0) = $5::boolean)
         and ${seen.sql}
       order by t.last_message_at desc, t.id desc limit $6::int`,
      [
        this.scope.tenantId,
        after?.lastMessageAt.toISOString() ?? null,
        after?.id ?? null,
        filter.phoneNumberId ?? null,
        filter.unread ?? null,
        limit + 1,
        ...seen.parameters,
      ],
    );
    return cursor.page(rows, limit, (row) => toConversationView(row, this.clock.now()));
  }
}
