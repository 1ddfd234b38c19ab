import { Module } from '@nestjs/common';
import { ListDecisionsHandler } from './application/explaining/list-decisions.js';
import { SummariseRemindersHandler } from './application/explaining/summarise-reminders.js';
import { WhyNotHandler } from './application/explaining/why-not.js';
import { BooksCopier } from './application/simulation/copied-books.js';
import { SimulateDuesHandler } from './application/simulation/simulate-dues.js';
import { ExplainingController } from './infrastructure/explaining/explaining.controller.js';
import { SimulationsController } from './infrastructure/simulation/simulations.controller.js';
import { SqlBooksCopier } from './infrastructure/simulation/sql-books-copier.js';
import { PlanningModule } from './planning.module.js';

/** Why something was sent or not; and the same decisions over a copy of the books, before anybody is written to. */
@Module({
  imports: [PlanningModule],
  controllers: [ExplainingController, SimulationsController],
  providers: [
    ListDecisionsHandler,
    SummariseRemindersHandler,
    WhyNotHandler,
    SimulateDuesHandler,
    { provide: BooksCopier, useClass: SqlBooksCopier },
  ],
})
export class SimulationModule {}
