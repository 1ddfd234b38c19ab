import { Module } from '@nestjs/common';

/** How the provider rates the merchant's numbers, and what the merchant must know about them. */
@Module({})
export class HealthModule {}
