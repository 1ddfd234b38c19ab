import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import { Queries } from '../../../platform/cqrs/commands.js';
import { InboxSettings } from '../../tenants/index.js';
import { botPauseOf, type SilenceReason } from '../domain/silence.js';
import { InboxEvents } from './inbox-events.js';
import { Threads } from './threads.js';

const MINUTE_MS = 60_000;
/** Of merchants whose own answers silence nothing: who is handed to people must not be answered by a program all the same. */
const LEAST_MINUTES = 60;

export type HandOverReason = Exclude<SilenceReason, 'person'>;

/**
 * Leaves a conversation to people: automation is silent for the merchant's `botPauseMinutes`, and whoever hears of the conversation is told. A
 * longer silence stays. May be executed in either kind of transaction.
 */
export class HandToPeople extends Command<void> {
  constructor(
    readonly threadId: string,
    readonly why: HandOverReason,
  ) {
    super();
  }
}

@CommandHandler(HandToPeople)
export class HandToPeopleHandler implements ICommandHandler<HandToPeople> {
  constructor(
    private readonly threads: Threads,
    private readonly events: InboxEvents,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {}

  async execute({ threadId: id, why }: HandToPeople): Promise<void> {
    const thread = await this.threads.find(id);
    if (!thread) return;
    const { id: threadId, phoneNumberId } = thread;
    const { botPauseMinutes } = await this.queries.execute(new InboxSettings());
    const minutes = botPauseMinutes > 0 ? botPauseMinutes : LEAST_MINUTES;
    const now = this.clock.now();
    const until = new Date(now.getTime() + minutes * MINUTE_MS);
    const silence = await this.threads.silence(threadId, { why, at: now, until });
    await this.events.conversationsChanged([{ threadId, phoneNumberId, changed: botPauseOf(silence, now) }]);
    await this.events.notify([{ kind: 'handed-to-people', threadId, phoneNumberId, details: { why } }]);
  }
}
