import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** Gives everybody the registry of the process. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
