import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type FollowedMessage, FollowedMessages } from '../../../messaging/index.js';
import { type QueuedReminder, QueuedReminders } from './queued-reminders.js';
import { REMINDER_FOLLOWER } from './reminder-follower.js';
import { ReminderOutcomes } from './reminder-outcomes.js';

/** A reminder that is on its way for so long is asked about at each turn of the lane; until there is news of it, one comes after as long. */
export const ASKED_AFTER_MS = 15 * 60_000;
/** Reminders that one transaction asks about. */
const BATCH = 2000;

/**
 * Records what became of messages while nobody was there to be told: this module is switched off in a process, or in all. A transaction for
 * each batch; a process that dies in between has recorded some, the next run records the rest.
 */
@OpensItsOwnTransactions()
export class CatchUpWithMessages extends Command<void> {}

@CommandHandler(CatchUpWithMessages)
export class CatchUpWithMessagesHandler implements ICommandHandler<CatchUpWithMessages> {
  constructor(
    private readonly reminders: QueuedReminders,
    private readonly outcomes: ReminderOutcomes,
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - ASKED_AFTER_MS);
    let last: QueuedReminder | undefined;
    do last = await this.unitOfWork.runSql(() => this.#catchUp(before, last));
    while (last);
  }

  /** @returns where to go on */
  async #catchUp(before: Date, after: QueuedReminder | undefined): Promise<QueuedReminder | undefined> {
    const queued = await this.reminders.before(before, after, BATCH);
    const messageIds = queued.map(({ messageId }) => messageId);
    const messages = await this.queries.execute(new FollowedMessages(REMINDER_FOLLOWER, messageIds));
    const maybeSent = new Set(queued.flatMap(({ reminderId, isMaybeSent }) => (isMaybeSent ? [reminderId] : [])));
    const news = messages.filter((message) => !(isLost(message) && maybeSent.has(message.subjectId)));
    const now = this.clock.now().getTime();
    // What left is noted as of then. It did so without a word to us only if its answer was lost, too, so there are few.
    for (const [at, told] of Map.groupBy(news, ({ leftAt }) => leftAt?.getTime() ?? now))
      await this.outcomes.record(told, new Date(at));
    return queued.length === BATCH ? queued.at(-1) : undefined;
  }
}

function isLost({ state }: FollowedMessage): boolean {
  return state === 'unknown' || state === 'parked';
}
