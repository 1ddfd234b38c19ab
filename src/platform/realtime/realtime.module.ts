import { Global, Module } from '@nestjs/common';
import { LanesModule } from '../lanes/lanes.module.js';
import { NumberTenantEvents } from './number-tenant-events.js';
import { NumberTenantEventsDrain } from './number-tenant-events.drain.js';
import { TENANT_EVENTS } from './tenant-events-lane.js';
import { TenantEvents } from './tenant-events.js';

/** The tenants' event logs, and the sockets that tell of them (contract 5). */
@Global()
@Module({
  imports: [LanesModule.forKinds(TENANT_EVENTS)],
  providers: [TenantEvents, NumberTenantEvents, NumberTenantEventsDrain],
  exports: [TenantEvents],
})
export class RealtimeModule {}
