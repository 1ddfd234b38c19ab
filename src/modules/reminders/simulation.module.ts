import { Module } from '@nestjs/common';

/** The same decisions over a copy of the books, before anybody is written to. */
@Module({})
export class SimulationModule {}
