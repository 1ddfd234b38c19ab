import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { OperationalMetrics } from './operational-metrics.js';

/** Gives everybody the registry of the process, and Prometheus its page. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Metrics, OperationalMetrics],
  controllers: [MetricsController],
  exports: [Metrics],
})
export class MetricsModule {}
