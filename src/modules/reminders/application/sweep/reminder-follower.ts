import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { RecordOutgoing } from '../../../conversations/index.js';
import {
  type FollowedMove,
  FollowsMessages,
  MessageFollower,
  type MessageToRelease,
  type Release,
} from '../../../messaging/index.js';
import { REMINDERS } from '../reminders-lane.js';
import { DueReminders } from './due-reminders.js';
import { type Judgement, ReminderJudge } from './reminder-judge.js';
import { ReminderOutcomes } from './reminder-outcomes.js';

/** How messages name reminders as what they carry. */
export const REMINDER_FOLLOWER = 'reminder';

/**
 * Goes with a reminder's message until its end. Before each attempt every gate is asked again under the lock of the customer's books
 * (D2): a payment, a pause, a cancellation or a STOP that committed first wins. What goes says what is owed at that moment.
 */
@Injectable()
@FollowsMessages(REMINDER_FOLLOWER)
export class ReminderFollower extends MessageFollower {
  constructor(
    private readonly reminders: DueReminders,
    private readonly judge: ReminderJudge,
    private readonly outcomes: ReminderOutcomes,
    private readonly commands: Commands,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async release(messages: readonly MessageToRelease[]): Promise<ReadonlyMap<string, Release>> {
    const carried = new Map(messages.map(({ subjectId, messageId }) => [subjectId, messageId]));
    const cases = await this.reminders.lock([...carried].map(([reminderId, messageId]) => ({ reminderId, messageId })));
    const { phoneNumberId } = messages[0]!;
    const judgements = await this.judge.judge(cases, phoneNumberId);
    await this.reminders.save(
      'send',
      judgements.map(({ decision }) => decision),
      carried,
    );
    await this.#ringForThoseThatWait(judgements);
    const threads = await this.#place(judgements, phoneNumberId);
    return new Map(judgements.map((judgement) => [carried.get(idOf(judgement))!, toRelease(judgement, threads)]));
  }

  moved(moves: readonly FollowedMove[]): Promise<void> {
    return this.outcomes.record(moves, this.clock.now());
  }

  async #ringForThoseThatWait(judgements: readonly Judgement[]): Promise<void> {
    const waits = judgements.flatMap(({ decision: { verdict } }) => (verdict.then === 'defer' ? [verdict.until] : []));
    if (waits.length === 0) return;
    const dueAt = new Date(Math.min(...waits.map((until) => until.getTime())));
    const { tenantId } = this.scope;
    await this.lanes.ring(REMINDERS, [{ key: tenantId, tenantId, dueAt }]);
  }

  #place(judgements: readonly Judgement[], phoneNumberId: string): Promise<ReadonlyMap<string, string>> {
    const outgoing = new Map(
      judgements.flatMap(({ decision, content }) =>
        content ? [[decision.case.customerId, { contactId: decision.case.customerId, content }]] : [],
      ),
    );
    return this.commands.execute(new RecordOutgoing(phoneNumberId, [...outgoing.values()]));
  }
}

function idOf({ decision }: Judgement): string {
  return decision.case.situation.reminder.id;
}

function toRelease({ decision, content }: Judgement, threads: ReadonlyMap<string, string>): Release {
  const { verdict } = decision;
  if (verdict.then !== 'send') return { then: 'withhold', reason: verdict.gate };
  const threadId = threads.get(decision.case.customerId);
  return { then: 'go', content: content!, ...(threadId === undefined ? {} : { threadId }) };
}
