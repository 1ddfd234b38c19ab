import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../platform/http/pagination.js';
import { excerptOf, searchWords } from '../domain/inbox/search-words.js';
import { type ConversationFilter, type ConversationMatch, Conversations } from './conversations.js';
import {
  CONVERSATION_COLUMNS,
  type ConversationRow,
  type ConversationView,
  toConversationView,
} from './conversation-view.js';

/** A conversation in a list; with what a search found. */
export interface ListedConversation extends ConversationView {
  readonly match?: ConversationMatch;
}

/** The shared inbox, newest activity first, as far as the caller sees it (S1.17, S1.29, S1.30, S1.73). @throws SearchTooShort, InvalidCursor */
export class ListConversations extends Query<Page<ListedConversation>> {
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
    private readonly conversations: Conversations,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ access, filter, limit, cursor: given }: ListConversations): Promise<Page<ListedConversation>> {
    const words = filter.q === undefined ? undefined : searchWords(filter.q);
    const places = await this.conversations.page(access, { ...filter, q: words }, cursor.read(given), limit + 1);
    // The page's rows by their keys, after the walk that found them: what one row costs is paid for these alone.
    const rows = await this.unitOfWork.sql.query<ConversationRow>(
      `select ${CONVERSATION_COLUMNS}
       from unnest($3::uuid[]) with ordinality as found (id, n)
       join thread t on t.tenant_id = $1::uuid and t.id = found.id
       join contact c on c.tenant_id = t.tenant_id and c.id = t.contact_id
       order by found.n`,
      [this.scope.tenantId, access.userId ?? null, places.map(({ id }) => id)],
    );
    const now = this.clock.now();
    const placed = rows.map((row, index) => ({ ...row, ...places[index]! }));
    return cursor.page(placed, limit, ({ match, ...row }) => ({
      ...toConversationView(row, now),
      ...(match && words && { match: { ...match, excerpt: excerptOf(match.excerpt, words) } }),
    }));
  }
}
