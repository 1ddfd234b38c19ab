import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { REMINDERS } from './application/reminders-lane.js';
import { CatchUpWithMessagesHandler } from './application/sweep/catch-up-with-messages.js';
import { DueReminders } from './application/sweep/due-reminders.js';
import { QueuedReminders } from './application/sweep/queued-reminders.js';
import { ReminderFollower } from './application/sweep/reminder-follower.js';
import { ReminderJudge } from './application/sweep/reminder-judge.js';
import { ReminderNews } from './application/sweep/reminder-news.js';
import { ReminderOutcomes } from './application/sweep/reminder-outcomes.js';
import { SweepDueRemindersHandler } from './application/sweep/sweep-due-reminders.js';
import { WakeRemindersWhenANumberMaySend } from './application/sweep/wake-reminders-when-a-number-may-send.js';
import { RemindersDrain } from './infrastructure/sweep/reminders.drain.js';
import { RemindersTick } from './infrastructure/sweep/reminders.tick.js';
import { SqlDueReminders } from './infrastructure/sweep/sql-due-reminders.js';
import { SqlQueuedReminders } from './infrastructure/sweep/sql-queued-reminders.js';
import { SqlReminderOutcomes } from './infrastructure/sweep/sql-reminder-outcomes.js';
import { PlanningModule } from './planning.module.js';

/** Decides on what is due, hands it to messaging, follows it there. */
@Module({
  imports: [ScheduleModule.forRoot(), LanesModule.forKinds(REMINDERS), PlanningModule],
  providers: [
    SweepDueRemindersHandler,
    CatchUpWithMessagesHandler,
    ReminderJudge,
    ReminderFollower,
    ReminderNews,
    WakeRemindersWhenANumberMaySend,
    RemindersDrain,
    RemindersTick,
    { provide: DueReminders, useClass: SqlDueReminders },
    { provide: QueuedReminders, useClass: SqlQueuedReminders },
    { provide: ReminderOutcomes, useClass: SqlReminderOutcomes },
  ],
})
export class SweepModule {}
