import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { ActNotAllowed } from '../../domain/conversation-errors.js';
import { InboxEvents } from '../inbox-events.js';
import { type VisibleThread, VisibleThreads } from '../visible-threads.js';
import { Notes, type NoteView } from './notes.js';

/** @throws ConversationNotFound */
export class WriteNote extends Command<NoteView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly body: string,
  ) {
    super();
  }
}

/** By whoever wrote it. @throws ConversationNotFound, NoteNotFound, ActNotAllowed */
export class RewriteNote extends Command<NoteView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly noteId: string,
    readonly body: string,
  ) {
    super();
  }
}

/** By whoever wrote it, and by leads and above. @throws ConversationNotFound, NoteNotFound, ActNotAllowed */
export class RemoveNote extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly noteId: string,
  ) {
    super();
  }
}

abstract class NoteHandler {
  constructor(
    protected readonly visible: VisibleThreads,
    protected readonly notes: Notes,
    private readonly events: InboxEvents,
  ) {}

  protected tell({ id, phoneNumberId }: VisibleThread, actor: string, noteId: string): Promise<void> {
    return this.events.conversationsChanged([{ threadId: id, phoneNumberId, actor, changed: { noteId } }]);
  }
}

@CommandHandler(WriteNote)
export class WriteNoteHandler extends NoteHandler implements ICommandHandler<WriteNote> {
  constructor(visible: VisibleThreads, notes: Notes, events: InboxEvents) {
    super(visible, notes, events);
  }

  async execute({ access, actor, conversationId, body }: WriteNote): Promise<NoteView> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    const note = await this.notes.add(thread.id, actor, body);
    await this.tell(thread, actor, note.id);
    return note;
  }
}

@CommandHandler(RewriteNote)
export class RewriteNoteHandler extends NoteHandler implements ICommandHandler<RewriteNote> {
  constructor(visible: VisibleThreads, notes: Notes, events: InboxEvents) {
    super(visible, notes, events);
  }

  async execute({ access, actor, conversationId, noteId, body }: RewriteNote): Promise<NoteView> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    const { author } = await this.notes.find(thread.id, noteId);
    if (author !== actor) throw new ActNotAllowed();
    await this.notes.change(noteId, body);
    await this.tell(thread, actor, noteId);
    return this.notes.find(thread.id, noteId);
  }
}

@CommandHandler(RemoveNote)
export class RemoveNoteHandler extends NoteHandler implements ICommandHandler<RemoveNote> {
  constructor(visible: VisibleThreads, notes: Notes, events: InboxEvents) {
    super(visible, notes, events);
  }

  async execute({ access, actor, conversationId, noteId }: RemoveNote): Promise<void> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    const { author } = await this.notes.find(thread.id, noteId);
    // To take away what another wrote is for those who may block, too.
    if (author !== actor && !access.may('block', thread)) throw new ActNotAllowed();
    await this.notes.remove(noteId);
    await this.tell(thread, actor, noteId);
  }
}
