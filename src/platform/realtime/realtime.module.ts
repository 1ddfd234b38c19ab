import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Config } from '../config/config.js';
import { Notifications } from '../database/notifications.js';
import { LanesModule } from '../lanes/lanes.module.js';
import { ClearOldEvents } from './clear-old-events.js';
import { EventAnnouncer } from './event-announcer.js';
import { NumberTenantEvents } from './number-tenant-events.js';
import { NumberTenantEventsDrain } from './number-tenant-events.drain.js';
import { PostgresAnnouncer } from './postgres-announcer.js';
import { RedisAnnouncer } from './redis-announcer.js';
import { TENANT_EVENTS } from './tenant-events-lane.js';
import { TenantEvents } from './tenant-events.js';

/** The tenants' event logs, and word of them between processes (contract 5). */
@Global()
@Module({
  imports: [DiscoveryModule, LanesModule.forKinds(TENANT_EVENTS)],
  providers: [
    TenantEvents,
    NumberTenantEvents,
    NumberTenantEventsDrain,
    ClearOldEvents,
    {
      provide: EventAnnouncer,
      inject: [Config, Notifications],
      useFactory: ({ REDIS_URL }: Config, notifications: Notifications) =>
        REDIS_URL === undefined ? new PostgresAnnouncer(notifications) : new RedisAnnouncer(REDIS_URL),
    },
  ],
  exports: [TenantEvents, NumberTenantEvents, EventAnnouncer],
})
export class RealtimeModule {}
