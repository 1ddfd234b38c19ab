import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { QueueProbe } from './queue-probe.js';
import { ReadinessProbe } from './readiness.js';
import { ServiceHealth } from './service-health.js';

/** Tells supervisors, balancers and people how the process does. */
@Module({ providers: [QueueProbe, ReadinessProbe, ServiceHealth], controllers: [HealthController] })
export class HealthModule {}
