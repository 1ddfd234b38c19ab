import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { ActNotAllowed, AssigneeCannotSee } from '../../domain/conversation-errors.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';
import { InboxThreads } from './inbox-threads.js';
import { LostSight } from './lost-sight.js';

/** Lets a user work on a conversation beside its assignee (S4.4, S4.20, C62). @throws ConversationNotFound, ActNotAllowed, AssigneeCannotSee */
export class AddParticipant extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** @throws ConversationNotFound, ActNotAllowed */
export class RemoveParticipant extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly userId: string,
  ) {
    super();
  }
}

@CommandHandler(AddParticipant)
export class AddParticipantHandler implements ICommandHandler<AddParticipant> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId, userId }: AddParticipant): Promise<void> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    if (!access.mayInvite(thread, userId)) throw new ActNotAllowed();
    const participantIds = [...new Set([...thread.participantIds, userId])].sort();
    const colleague = await this.threads.holdColleague(userId);
    if (!colleague?.isActive || !colleague.access.sees({ ...thread, participantIds })) throw new AssigneeCannotSee();
    if (!(await this.threads.addParticipant(thread.id, userId))) return;
    const { id: threadId, phoneNumberId } = thread;
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { participantIds } }]);
  }
}

@CommandHandler(RemoveParticipant)
export class RemoveParticipantHandler implements ICommandHandler<RemoveParticipant> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly lostSight: LostSight,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId, userId }: RemoveParticipant): Promise<void> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    if (!access.mayInvite(thread, userId)) throw new ActNotAllowed();
    if (!(await this.threads.removeParticipant(thread.id, userId))) return;
    const participantIds = thread.participantIds.filter((id) => id !== userId);
    const { id: threadId, phoneNumberId } = thread;
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { participantIds } }]);
    await this.lostSight.tell(userId, { ...thread, participantIds });
  }
}
