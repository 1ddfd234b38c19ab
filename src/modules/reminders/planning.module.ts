import { Module } from '@nestjs/common';
import { OverdueScans } from './application/planning/overdue-scans.js';
import { PlanDueReminders } from './application/planning/plan-due-reminders.js';
import { ReminderPlans } from './application/planning/reminder-plans.js';
import { ScanOverdueHandler } from './application/planning/scan-overdue.js';
import { ReminderTemplates } from './application/templates/reminder-templates.js';
import { SqlBooksFollower } from './infrastructure/planning/sql-books-follower.js';
import { SqlOverdueScans } from './infrastructure/planning/sql-overdue-scans.js';
import { SqlReminderPlans } from './infrastructure/planning/sql-reminder-plans.js';
import { SqlReminderTemplates } from './infrastructure/templates/sql-reminder-templates.js';

/** What is to be sent when: plans from payment terms, schedules of people, the overdue scan. */
@Module({
  providers: [
    SqlBooksFollower,
    PlanDueReminders,
    ScanOverdueHandler,
    { provide: ReminderPlans, useClass: SqlReminderPlans },
    { provide: OverdueScans, useClass: SqlOverdueScans },
    { provide: ReminderTemplates, useClass: SqlReminderTemplates },
  ],
  exports: [ReminderTemplates],
})
export class PlanningModule {}
