import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';
import { Labels } from './labels.js';

/** @throws ConversationNotFound, LabelNotFound */
export class LabelConversation extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly labelId: string,
  ) {
    super();
  }
}

/** @throws ConversationNotFound */
export class UnlabelConversation extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly labelId: string,
  ) {
    super();
  }
}

@CommandHandler(LabelConversation)
export class LabelConversationHandler implements ICommandHandler<LabelConversation> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly labels: Labels,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId, labelId }: LabelConversation): Promise<void> {
    const { id: threadId, phoneNumberId } = await this.visible.lock(access, 'write', conversationId);
    if (!(await this.labels.put(threadId, labelId))) return;
    const labels = await this.labels.of(threadId);
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { labels } }]);
  }
}

@CommandHandler(UnlabelConversation)
export class UnlabelConversationHandler implements ICommandHandler<UnlabelConversation> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly labels: Labels,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId, labelId }: UnlabelConversation): Promise<void> {
    const { id: threadId, phoneNumberId } = await this.visible.lock(access, 'write', conversationId);
    if (!(await this.labels.take(threadId, labelId))) return;
    const labels = await this.labels.of(threadId);
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { labels } }]);
  }
}
