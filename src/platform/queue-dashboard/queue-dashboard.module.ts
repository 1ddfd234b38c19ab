import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { QueueDashboard } from './queue-dashboard.js';

/** The page of the operator that shows what waits. */
@Module({ imports: [DiscoveryModule], providers: [QueueDashboard] })
export class QueueDashboardModule {}
