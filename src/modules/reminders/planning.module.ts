import { Module } from '@nestjs/common';
import { CancelReminderHandler } from './application/planning/cancel-reminder.js';
import { LookAgainWhenContactPolicyChanges } from './application/planning/look-again-when-contact-policy-changes.js';
import { MoveReminderHandler } from './application/planning/move-reminder.js';
import { OverdueScans } from './application/planning/overdue-scans.js';
import { PlanDueReminders } from './application/planning/plan-due-reminders.js';
import { PlannedDues } from './application/planning/planned-dues.js';
import { ReminderBell } from './application/planning/reminder-bell.js';
import { ReminderPlans } from './application/planning/reminder-plans.js';
import { Reminders } from './application/planning/reminders.js';
import { ScanOverdueHandler } from './application/planning/scan-overdue.js';
import { ScheduleReminderHandler } from './application/planning/schedule-reminder.js';
import { SendReminderNowHandler } from './application/planning/send-reminder-now.js';
import { FindReminderHandler } from './application/reading/find-reminder.js';
import { ListRemindersHandler } from './application/reading/list-reminders.js';
import { ListReminderTemplatesHandler } from './application/templates/list-reminder-templates.js';
import { ReminderTemplates } from './application/templates/reminder-templates.js';
import { ReplaceReminderTemplatesHandler } from './application/templates/replace-reminder-templates.js';
import { RemindersController } from './infrastructure/planning/reminders.controller.js';
import { ReminderWatch } from './infrastructure/planning/reminder-watch.js';
import { SqlOverdueScans } from './infrastructure/planning/sql-overdue-scans.js';
import { SqlReminderPlans } from './infrastructure/planning/sql-reminder-plans.js';
import { SqlReminders } from './infrastructure/planning/sql-reminders.js';
import { ReminderTemplatesController } from './infrastructure/templates/reminder-templates.controller.js';
import { SqlReminderTemplates } from './infrastructure/templates/sql-reminder-templates.js';

/** What is to be sent when: plans from payment terms, schedules of people, the overdue scan; and by which templates. */
@Module({
  controllers: [RemindersController, ReminderTemplatesController],
  providers: [
    PlanDueReminders,
    ScanOverdueHandler,
    LookAgainWhenContactPolicyChanges,
    ScheduleReminderHandler,
    SendReminderNowHandler,
    MoveReminderHandler,
    CancelReminderHandler,
    FindReminderHandler,
    ListRemindersHandler,
    ListReminderTemplatesHandler,
    ReplaceReminderTemplatesHandler,
    PlannedDues,
    ReminderBell,
    ReminderWatch,
    { provide: ReminderPlans, useClass: SqlReminderPlans },
    { provide: Reminders, useClass: SqlReminders },
    { provide: OverdueScans, useClass: SqlOverdueScans },
    { provide: ReminderTemplates, useClass: SqlReminderTemplates },
  ],
  exports: [ReminderTemplates],
})
export class PlanningModule {}
