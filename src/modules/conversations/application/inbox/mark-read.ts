import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';
import { InboxThreads } from './inbox-threads.js';

/** Somebody has read what is unread (S1.90, C27). @throws ConversationNotFound */
export class MarkRead extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
  ) {
    super();
  }
}

@CommandHandler(MarkRead)
export class MarkReadHandler implements ICommandHandler<MarkRead> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId }: MarkRead): Promise<void> {
    const { id: threadId, phoneNumberId, unreadCount } = await this.visible.lock(access, 'write', conversationId);
    if (unreadCount === 0) return;
    await this.threads.change(threadId, { unreadCount: 0 });
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { unreadCount: 0 } }]);
  }
}
