import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { AreaReach } from '../../../platform/auth/index.js';
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

/** The shared inbox, newest activity first, of the numbers that the caller works with (S1.29, S1.30). */
export class ListConversations extends Query<Page<ConversationView>> {
  constructor(
    readonly areas: AreaReach,
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

  async execute({ areas, filter, limit, cursor: given }: ListConversations): Promise<Page<ConversationView>> {
    const after = cursor.read(given);
    const rows = await this.unitOfWork.sql.query<ConversationRow>(
      `${CONVERSATION_ROWS}
         and ($3::timestamptz is null or (t.last_message_at, t.id) < ($3::timestamptz, $4::uuid))
         and ($5::text is null or t.phone_number_id = $5::text)
         and ($6::boolean is null or (t.unread_count > 0) = $6::boolean)
       order by t.last_message_at desc, t.id desc limit $7::int`,
      [
        this.scope.tenantId,
        areas === 'all' ? null : areas,
        after?.lastMessageAt.toISOString() ?? null,
        after?.id ?? null,
        filter.phoneNumberId ?? null,
        filter.unread ?? null,
        limit + 1,
      ],
    );
    return cursor.page(rows, limit, (row) => toConversationView(row, this.clock.now()));
  }
}
