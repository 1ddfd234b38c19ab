import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { OutboundState } from '../../domain/outbound-message.js';
import { type MessageSummary, toMessageSummary } from './message-view.js';

export interface MessageFilter {
  readonly status?: OutboundState | undefined;
  readonly phoneNumberId?: string | undefined;
}

/** The tenant's outgoing messages, the newest first. */
export class ListMessages extends Query<Page<MessageSummary>> {
  constructor(
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
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ filter, limit, cursor: given }: ListMessages): Promise<Page<MessageSummary>> {
    const after = cursor.read(given);
    const rows = await this.unitOfWork.prisma.message.findMany({
      where: {
        direction: 'OUTBOUND',
        ...(filter.status ? { state: filter.status } : {}),
        ...(filter.phoneNumberId ? { phoneNumberId: filter.phoneNumberId } : {}),
        ...(after ? { id: { lt: after.id } } : {}),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return cursor.page(rows, limit, toMessageSummary);
  }
}
