import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { VisibleThreads } from '../visible-threads.js';
import { Notes, type NoteView } from './notes.js';

/** Newest first. @throws ConversationNotFound, InvalidCursor */
export class ListNotes extends Query<Page<NoteView>> {
  constructor(
    readonly access: InboxAccess,
    readonly conversationId: string,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListNotes)
export class ListNotesHandler implements IQueryHandler<ListNotes> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly notes: Notes,
  ) {}

  async execute({ access, conversationId, limit, cursor: given }: ListNotes): Promise<Page<NoteView>> {
    const after = cursor.read(given);
    const { id } = await this.visible.find(access, 'read', conversationId);
    return cursor.page(await this.notes.page(id, after?.id, limit + 1), limit, (note) => note);
  }
}
