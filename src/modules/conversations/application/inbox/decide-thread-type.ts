import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { typeByTemplate } from '../../domain/inbox/type-by-template.js';
import { InboxEvents } from '../inbox-events.js';
import { InboxThreads } from './inbox-threads.js';
import { TypeRules } from './type-rules.js';

/**
 * The first template of a conversation was sent: it says what the conversation is (S1.89, C50). A type that is there, a person's choice
 * above all, stays. Statements only: may be called in either kind of transaction; takes the thread's lock.
 */
export class DecideThreadType extends Command<void> {
  constructor(
    readonly threadId: string,
    readonly templateName: string,
  ) {
    super();
  }
}

@CommandHandler(DecideThreadType)
export class DecideThreadTypeHandler implements ICommandHandler<DecideThreadType> {
  constructor(
    private readonly rules: TypeRules,
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {}

  async execute({ threadId, templateName }: DecideThreadType): Promise<void> {
    const type = typeByTemplate(await this.rules.all(), templateName);
    if (type === undefined) return;
    const phoneNumberId = await this.threads.decideType(threadId, type);
    if (phoneNumberId === undefined) return;
    await this.events.conversationsChanged([{ threadId, phoneNumberId, changed: { type } }]);
  }
}
