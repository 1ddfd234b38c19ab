import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../kernel/inbox-access.js';
import { Queries } from '../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../platform/http/pagination.js';
import { FindConversation } from './find-conversation.js';

/** A message of a conversation, either way. */
export interface ConversationMessageView {
  readonly id: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly wamid: string | null;
  /** The wamid that it replies to or was tapped on. */
  readonly contextWamid: string | null;
  /** The user that wrote it; null for customers and automation. */
  readonly sentBy: string | null;
  readonly createdAt: Date;
}

/** Where a page ends: messages before this one, or before this instant. */
export interface MessagesBefore {
  readonly messageId?: string | undefined;
  readonly instant?: Date | undefined;
}

/** A page of a conversation, the latest that fit, oldest first; the next page is the one before it in time. @throws ConversationNotFound */
export class ListConversationMessages extends Query<Page<ConversationMessageView>> {
  constructor(
    readonly access: InboxAccess,
    readonly conversationId: string,
    readonly before: MessagesBefore,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ seq: 'integer' });

/** A read model: reads messaging's messages by the thread that they were stored under. */
@QueryHandler(ListConversationMessages)
export class ListConversationMessagesHandler implements IQueryHandler<ListConversationMessages> {
  constructor(
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({
    access,
    conversationId,
    before,
    limit,
    cursor: given,
  }: ListConversationMessages): Promise<Page<ConversationMessageView>> {
    const { id } = await this.queries.execute(new FindConversation(access, conversationId));
    const after = cursor.read(given);
    const rows = await this.unitOfWork.sql.query<ConversationMessageView & { seq: bigint }>(
      `select seq, id, direction, type, content, state as status, wamid, context_wamid as "contextWamid", sent_by as "sentBy", created_at as "createdAt"
       from message
       where tenant_id = $1::uuid
         and thread_id in (select t.id from thread t where t.tenant_id = $1::uuid and (t.id = $2::uuid or t.merged_into_id = $2::uuid))
         and ($3::bigint is null or seq < $3::bigint)
         and ($4::uuid is null or seq < (select m.seq from message m where m.tenant_id = $1::uuid and m.id = $4::uuid))
         and ($5::timestamptz is null or created_at < $5::timestamptz)
       order by seq desc limit $6::int`,
      [
        this.scope.tenantId,
        id,
        after?.seq.toString() ?? null,
        before.messageId ?? null,
        before.instant?.toISOString() ?? null,
        limit + 1,
      ],
    );
    const { data, nextCursor } = cursor.page(
      rows.map((row) => ({ ...row, seq: BigInt(row.seq) })),
      limit,
      ({ seq: _, ...message }) => message,
    );
    return { data: data.reverse(), nextCursor };
  }
}
