import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { LanesModule } from '../lanes/lanes.module.js';
import { ForgetDeliveredEvents } from './forget-delivered-events.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { OUTBOX_LANE } from './outbox-lane-key.js';
import { RedriveOutboxEvent } from './redrive-outbox-event.js';

@Global()
@Module({
  imports: [DiscoveryModule, DeadLettersModule, LanesModule.forKinds(OUTBOX_LANE)],
  providers: [Outbox, OutboxRelay, RedriveOutboxEvent, ForgetDeliveredEvents],
  exports: [Outbox],
})
export class OutboxModule {}
