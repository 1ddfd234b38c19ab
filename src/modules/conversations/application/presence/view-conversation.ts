import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { MarkRead } from '../inbox/mark-read.js';
import { VisibleThreads } from '../visible-threads.js';
import { type Connection, Presence } from './presence.js';

/** Threads whose viewers may be others than before. */
export type ChangedPresence = readonly string[];

/**
 * A user has opened a conversation, or closed it: what is in it is read, and what arrives while it is open does not count as unread
 * (C27, S1.90). Idempotent. @throws ConversationNotFound
 */
export class ViewConversation extends Command<ChangedPresence> {
  constructor(
    readonly access: InboxAccess,
    readonly connection: Connection,
    /** Null: none any more. */
    readonly conversationId: string | null,
  ) {
    super();
  }
}

@CommandHandler(ViewConversation)
export class ViewConversationHandler implements ICommandHandler<ViewConversation> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly presence: Presence,
    private readonly commands: Commands,
  ) {}

  async execute({ access, connection, conversationId }: ViewConversation): Promise<ChangedPresence> {
    if (conversationId === null) return this.presence.leave(connection.connectionId);
    const { id } = await this.threads.lock(access, 'read', conversationId);
    const left = await this.presence.view(connection, id);
    await this.commands.execute(new MarkRead(access, `user:${connection.userId}`, id));
    return [...left.filter((threadId) => threadId !== id), id];
  }
}
