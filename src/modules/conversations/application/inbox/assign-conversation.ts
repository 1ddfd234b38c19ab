import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { ActNotAllowed, AlreadyAssigned, AssigneeCannotSee } from '../../domain/conversation-errors.js';
import { InboxEvents } from '../inbox-events.js';
import { type VisibleThread, VisibleThreads } from '../visible-threads.js';
import { InboxThreads } from './inbox-threads.js';
import { LostSight } from './lost-sight.js';

export interface Assignment {
  /** Null: nobody's. */
  readonly userId: string | null;
  /** Whose it was when the caller looked; left out: whosever it is. */
  readonly from?: string | null | undefined;
}

/**
 * Makes a conversation somebody's, or nobody's (S1.92, S4.4, C62). Of two who take the same one, one gets it.
 * @throws ConversationNotFound, AlreadyAssigned, ActNotAllowed, AssigneeCannotSee
 */
export class AssignConversation extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly assignment: Assignment,
  ) {
    super();
  }
}

@CommandHandler(AssignConversation)
export class AssignConversationHandler implements ICommandHandler<AssignConversation> {
  constructor(
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly lostSight: LostSight,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, conversationId, assignment: { userId, from } }: AssignConversation): Promise<void> {
    const thread = await this.visible.lock(access, 'write', conversationId);
    const { id: threadId, phoneNumberId, assigneeId } = thread;
    if (from !== undefined && from !== assigneeId && userId !== assigneeId) throw new AlreadyAssigned();
    if (!access.mayAssign(thread, userId)) throw refusal(access, thread, userId);
    if (userId === assigneeId) return;
    const after = { ...thread, assigneeId: userId };
    if (userId !== null) {
      const assignee = await this.threads.holdColleague(userId);
      if (!assignee?.isActive || !assignee.access.sees(after)) throw new AssigneeCannotSee();
    }
    await this.threads.change(threadId, { assigneeId: userId });
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed: { assigneeId: userId } }]);
    if (assigneeId !== null) await this.lostSight.tell(assigneeId, after);
    if (userId !== null && actor !== `user:${userId}`)
      await this.events.notify([{ kind: 'assigned', threadId, phoneNumberId, userId, actor, details: {} }]);
  }
}

/** Who wants to take what is another's by now came too late; anything else is not his to give. */
function refusal(access: InboxAccess, { assigneeId }: VisibleThread, userId: string | null): Error {
  return userId === access.userId && assigneeId !== null ? new AlreadyAssigned() : new ActNotAllowed();
}
