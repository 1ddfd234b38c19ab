import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Commands, OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { EnqueueMessages, type MessageOrder } from '../../../messaging/index.js';
import { DueReminders } from './due-reminders.js';
import { type Judgement, ReminderJudge } from './reminder-judge.js';
import { REMINDER_FOLLOWER } from './reminder-follower.js';

/** Reminders that one transaction decides on: large enough to be cheap, small enough to be short. */
const BATCH = 2000;

/**
 * Decides on the merchant's next due reminders and hands those that may go to messaging (S0.36-S0.46): one transaction, so a reminder is
 * queued with its message and its decision or is due as before. Any number of processes may do it at once: none takes what another
 * has taken. @returns whether there may be more
 */
@OpensItsOwnTransactions()
export class SweepDueReminders extends Command<boolean> {}

@CommandHandler(SweepDueReminders)
export class SweepDueRemindersHandler implements ICommandHandler<SweepDueReminders> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reminders: DueReminders,
    private readonly judge: ReminderJudge,
    private readonly commands: Commands,
  ) {}

  execute(): Promise<boolean> {
    return this.unitOfWork.runSql(async () => {
      const cases = await this.reminders.claim(BATCH);
      if (cases.length === 0) return false;
      const phoneNumberId = await this.judge.findNumber();
      const judgements = await this.judge.judge(cases, phoneNumberId);
      const messageIds = await this.#enqueue(judgements, phoneNumberId);
      await this.reminders.save(
        'sweep',
        judgements.map(({ decision }) => decision),
        messageIds,
      );
      return cases.length === BATCH;
    });
  }

  /** @returns the message of each reminder that is sent */
  async #enqueue(
    judgements: readonly Judgement[],
    phoneNumberId: string | undefined,
  ): Promise<ReadonlyMap<string, string>> {
    const going = judgements.filter(({ decision }) => decision.verdict.then === 'send');
    const orders = going.map((judgement) => orderFor(judgement, phoneNumberId!));
    const enqueued = await this.commands.execute(new EnqueueMessages(orders));
    return new Map(enqueued.map(({ messageId }, index) => [idOf(going[index]!), messageId]));
  }
}

function orderFor({ decision, content }: Judgement, phoneNumberId: string): MessageOrder {
  const { reminder } = decision.case.situation;
  return {
    phoneNumberId,
    to: decision.case.to!,
    content: content!,
    category: 'payment_reminder',
    // A reminder is handed over once for each time that it is due, whoever sweeps (S0.79).
    once: `reminder:${reminder.id}:${reminder.scheduledFor.getTime()}`,
    followedBy: { follower: REMINDER_FOLLOWER, subjectId: reminder.id },
  };
}

function idOf({ decision }: Judgement): string {
  return decision.case.situation.reminder.id;
}
