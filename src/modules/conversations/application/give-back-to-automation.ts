import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InboxEvents } from './inbox-events.js';
import { Threads } from './threads.js';

/** Automation answers a conversation again, whoever was at it: the customer asked for it. May be executed in either kind of transaction. */
export class GiveBackToAutomation extends Command<void> {
  constructor(readonly threadId: string) {
    super();
  }
}

@CommandHandler(GiveBackToAutomation)
export class GiveBackToAutomationHandler implements ICommandHandler<GiveBackToAutomation> {
  constructor(
    private readonly threads: Threads,
    private readonly events: InboxEvents,
  ) {}

  async execute({ threadId: id }: GiveBackToAutomation): Promise<void> {
    const thread = await this.threads.find(id);
    if (!thread) return;
    const { id: threadId, phoneNumberId } = thread;
    await this.threads.liftSilence(threadId);
    const changed = { botPausedUntil: null, botPause: null };
    await this.events.conversationsChanged([{ threadId, phoneNumberId, changed }]);
  }
}
