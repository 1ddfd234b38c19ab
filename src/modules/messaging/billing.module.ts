import { Module } from '@nestjs/common';

/** What messages and conversations cost. */
@Module({})
export class BillingModule {}
