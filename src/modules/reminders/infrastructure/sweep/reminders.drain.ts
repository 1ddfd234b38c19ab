import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { JudgeCommitments } from '../../application/commitments/judge-commitments.js';
import { ScanOverdue } from '../../application/planning/scan-overdue.js';
import { REMINDERS } from '../../application/reminders-lane.js';
import { ASKED_AFTER_MS, CatchUpWithMessages } from '../../application/sweep/catch-up-with-messages.js';
import { DueReminders } from '../../application/sweep/due-reminders.js';
import { QueuedReminders } from '../../application/sweep/queued-reminders.js';
import { SweepDueReminders } from '../../application/sweep/sweep-due-reminders.js';

/**
 * Does what a merchant's calendar asks for: learns what it missed of reminders on their way, judges promises whose day is over, plans the
 * steps of dues that became overdue, decides on the reminders that are due. In this order: each of them may make reminders due at once.
 */
@Injectable()
@DrainsLane(REMINDERS)
export class RemindersDrain extends LaneDrain {
  readonly concurrency = 8;

  constructor(
    private readonly commands: Commands,
    private readonly reminders: DueReminders,
    private readonly queued: QueuedReminders,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ signal }: LaneTurn): Promise<Date | undefined> {
    await this.commands.execute(new CatchUpWithMessages());
    const nextJudged = await this.commands.execute(new JudgeCommitments());
    const nextScan = await this.commands.execute(new ScanOverdue());
    // One batch after another: of a customer's reminders that are due together the first in line goes first, whatever the daily limit.
    for (let more = true; more;) {
      if (signal.aborted) return this.clock.now();
      more = await this.commands.execute(new SweepDueReminders());
    }
    const nextDue = await this.unitOfWork.runSql(() => this.reminders.nextDue());
    const waitForNews = await this.unitOfWork.runSql(() => this.queued.waitForNews());
    const nextAsked = waitForNews ? new Date(this.clock.now().getTime() + ASKED_AFTER_MS) : undefined;
    const waits = [nextJudged, nextScan, nextDue, nextAsked].filter((at) => at !== undefined);
    return waits.length > 0 ? new Date(Math.min(...waits.map((at) => at.getTime()))) : undefined;
  }
}
