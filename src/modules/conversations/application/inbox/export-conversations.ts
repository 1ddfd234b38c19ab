import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { Page } from '../../../../platform/http/pagination.js';
import type { ConversationFilter } from '../conversations.js';
import { ListConversations, type ListedConversation } from '../list-conversations.js';

const ROWS_AT_ONCE = 500;

/** The list as a whole, page by page as it is read: no moment of the whole, and no memory of it. @throws SearchTooShort */
export class ExportConversations extends Query<AsyncIterable<readonly ListedConversation[]>> {
  constructor(
    readonly access: InboxAccess,
    readonly filter: ConversationFilter,
  ) {
    super();
  }
}

@QueryHandler(ExportConversations)
export class ExportConversationsHandler implements IQueryHandler<ExportConversations> {
  constructor(
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, filter }: ExportConversations): Promise<AsyncIterable<readonly ListedConversation[]>> {
    // Asked at once, so that what is refused is refused before the answer begins.
    const first = await this.queries.execute(new ListConversations(access, filter, ROWS_AT_ONCE, undefined));
    return this.#read(first, access, filter, this.scope.tenantId);
  }

  /** Read by a stream, which knows of no tenant. */
  async *#read(
    first: Page<ListedConversation>,
    access: InboxAccess,
    filter: ConversationFilter,
    tenant: TenantScope['tenantId'],
  ): AsyncGenerator<readonly ListedConversation[]> {
    let page = first;
    for (;;) {
      if (page.data.length > 0) yield page.data;
      const after = page.nextCursor;
      if (after === null) return;
      page = await this.scope.run(tenant, () =>
        this.unitOfWork.inBackground(() =>
          this.queries.execute(new ListConversations(access, filter, ROWS_AT_ONCE, after)),
        ),
      );
    }
  }
}
