import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { isMissed } from '../../domain/calls/call.js';
import { type CallRecord, Calls, type CallView } from './calls.js';

/** Calls of the conversations that the caller sees (S1.85), the latest word first. */
export class ListCalls extends Query<Page<CallView>> {
  constructor(
    readonly access: InboxAccess,
    readonly filter: { readonly conversationId?: string | undefined },
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ updatedAt: 'instant', callId: 'text' });

@QueryHandler(ListCalls)
export class ListCallsHandler implements IQueryHandler<ListCalls> {
  constructor(private readonly calls: Calls) {}

  async execute({ access, filter, limit, cursor: given }: ListCalls): Promise<Page<CallView>> {
    return cursor.page(await this.calls.list(access, filter, limit + 1, cursor.read(given)), limit, toCallView);
  }
}

function toCallView({ threadId, addressKind, address, direction, ...call }: CallRecord): CallView {
  const customer = addressKind === 'phone' ? `+${address}` : address;
  return {
    ...call,
    direction,
    conversationId: threadId,
    from: direction === 'INBOUND' ? customer : null,
    to: direction === 'OUTBOUND' ? customer : null,
    missed: isMissed(direction, call),
  };
}
