import { Module } from '@nestjs/common';
import { ReminderTemplates } from './application/templates/reminder-templates.js';
import { SqlReminderTemplates } from './infrastructure/templates/sql-reminder-templates.js';

/** What is to be sent when: plans from payment terms, schedules of people, the overdue scan. */
@Module({
  providers: [{ provide: ReminderTemplates, useClass: SqlReminderTemplates }],
  exports: [ReminderTemplates],
})
export class PlanningModule {}
