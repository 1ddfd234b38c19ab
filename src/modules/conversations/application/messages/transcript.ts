import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { VisibleThreads } from '../visible-threads.js';
import type { ConversationMessageView } from './conversation-message-view.js';
import { MessageReader } from './message-reader.js';

/** A whole conversation, page by page, oldest message first. @throws ConversationNotFound before the first page */
export class Transcript extends Query<AsyncIterable<readonly ConversationMessageView[]>> {
  constructor(
    readonly access: InboxAccess,
    readonly conversationId: string,
  ) {
    super();
  }
}

const PAGE = 500;

@QueryHandler(Transcript)
export class TranscriptHandler implements IQueryHandler<Transcript> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly messages: MessageReader,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, conversationId }: Transcript): Promise<AsyncIterable<readonly ConversationMessageView[]>> {
    await this.threads.find(access, 'read', conversationId);
    return this.#pages(access, conversationId, this.scope.tenantId);
  }

  /** Read by a stream, which knows of no tenant. Each page in a transaction of its own, and looked again whether it may still be read: a slow reader holds nothing. */
  async *#pages(
    access: InboxAccess,
    conversationId: string,
    tenantId: TenantScope['tenantId'],
  ): AsyncGenerator<readonly ConversationMessageView[], void, void> {
    let seq: bigint | undefined;
    for (let full = true; full;) {
      const { views, last } = await this.scope.run(tenantId, () =>
        this.unitOfWork.run(async () => {
          const { id } = await this.threads.find(access, 'read', conversationId);
          const rows = await this.messages.stretch(id, { way: 'after', seq, limit: PAGE });
          return { views: await this.messages.views(id, rows), last: rows.at(-1)?.seq };
        }),
      );
      yield views;
      seq = last;
      full = views.length === PAGE;
    }
  }
}
