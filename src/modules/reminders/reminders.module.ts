import { Module } from '@nestjs/common';
import { AnswersModule } from './answers.module.js';
import { PlanningModule } from './planning.module.js';
import { SimulationModule } from './simulation.module.js';
import { SweepModule } from './sweep.module.js';

/** Dues that collect themselves. */
@Module({ imports: [PlanningModule, SweepModule, AnswersModule, SimulationModule] })
export class RemindersModule {}
