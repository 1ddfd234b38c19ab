import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import { VisibleThreads } from '../visible-threads.js';
import { Presence } from './presence.js';

export class ConversationNotOpen extends DomainError {
  readonly code = 'CONVERSATION_NOT_OPEN';
  readonly kind = 'conflict';
  constructor() {
    super('Open the conversation (viewing) before you write in it.');
  }
}

/**
 * A user writes in the conversation that the connection shows; holds for some seconds. @returns the thread
 * @throws ConversationNotFound, ActNotAllowed, ConversationNotOpen
 */
export class TypeInConversation extends Command<string> {
  constructor(
    readonly access: InboxAccess,
    readonly connectionId: string,
    readonly conversationId: string,
  ) {
    super();
  }
}

@CommandHandler(TypeInConversation)
export class TypeInConversationHandler implements ICommandHandler<TypeInConversation> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly presence: Presence,
  ) {}

  async execute({ access, connectionId, conversationId }: TypeInConversation): Promise<string> {
    const { id } = await this.threads.find(access, 'write', conversationId);
    if (!(await this.presence.type(connectionId, id))) throw new ConversationNotOpen();
    return id;
  }
}
