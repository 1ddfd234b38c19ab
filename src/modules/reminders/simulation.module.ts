import { Module } from '@nestjs/common';
import { ListDecisionsHandler } from './application/explaining/list-decisions.js';
import { SummariseRemindersHandler } from './application/explaining/summarise-reminders.js';
import { WhyNotHandler } from './application/explaining/why-not.js';
import { ExplainingController } from './infrastructure/explaining/explaining.controller.js';

/** Why something was sent or not; and the same decisions over a copy of the books, before anybody is written to. */
@Module({
  controllers: [ExplainingController],
  providers: [ListDecisionsHandler, SummariseRemindersHandler, WhyNotHandler],
})
export class SimulationModule {}
