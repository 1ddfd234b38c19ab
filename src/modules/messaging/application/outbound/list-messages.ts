import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { OutboundState } from '../../domain/outbound-message.js';
import { MESSAGE_COLUMNS, type MessageRow, type MessageSummary, toMessageSummary } from './message-view.js';

export interface MessageFilter {
  readonly status?: OutboundState | undefined;
  readonly phoneNumberId?: string | undefined;
}

/** The tenant's outgoing messages, as far as the caller sees their conversations, the newest first. */
export class ListMessages extends Query<Page<MessageSummary>> {
  constructor(
    readonly access: InboxAccess,
    readonly filter: MessageFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

// Ids are UUIDv7: by id is by time, and it is the primary key.
const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListMessages)
export class ListMessagesHandler implements IQueryHandler<ListMessages> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, filter, limit, cursor: given }: ListMessages): Promise<Page<MessageSummary>> {
    const after = cursor.read(given);
    const seen = seenUnderThreads(access, 'm', 6);
    const rows = await this.unitOfWork.sql.query<MessageRow>(
      `select ${MESSAGE_COLUMNS} from message m
       where m.tenant_id = $1::uuid and m.direction = 'OUTBOUND'
         and ($2::text is null or m.state = $2::text)
         and ($3::text is null or m.phone_number_id = $3::text)
         and ($4::uuid is null or m.id < $4::uuid)
         and ${seen.sql}
       order by m.id desc limit $5::int`,
      [
        this.scope.tenantId,
        filter.status ?? null,
        filter.phoneNumberId ?? null,
        after?.id ?? null,
        limit + 1,
        ...seen.parameters,
      ],
    );
    return cursor.page(rows, limit, toMessageSummary);
  }
}
