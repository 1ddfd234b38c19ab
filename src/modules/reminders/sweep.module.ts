import { Module } from '@nestjs/common';

/** Decides on what is due, hands it to messaging, follows it there. */
@Module({})
export class SweepModule {}
