import { Module } from '@nestjs/common';

/** What a customer owes, line by line. */
@Module({})
export class StatementsModule {}
