import { Module } from '@nestjs/common';

/** What is to be sent when: plans from payment terms, schedules of people, the overdue scan. */
@Module({})
export class PlanningModule {}
