import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadLettersModule } from '../../platform/dead-letters/dead-letters.module.js';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { PhoneMessages } from './application/changes/phone-messages.js';
import { ChangeConsumers, TakeInChange } from './application/changes/take-in-change.js';
import { WaitingChanges } from './application/changes/waiting-changes.js';
import { Changes } from './infrastructure/changes/changes.drain.js';
import { DiscoveredChangeConsumers } from './infrastructure/changes/discovered-change-consumers.js';
import { SqlPhoneMessages } from './infrastructure/changes/sql-phone-messages.js';
import { SqlWaitingChanges } from './infrastructure/changes/sql-waiting-changes.js';
import { InboundModule } from './inbound.module.js';
import { CHANGE_LANE } from './infrastructure/inbound/lane-kinds.js';

/** What webhooks tell besides messages and statuses: read, ordered, handed to whoever consumes it. */
@Module({
  imports: [InboundModule, DiscoveryModule, DeadLettersModule, LanesModule.forKinds(CHANGE_LANE)],
  providers: [
    { provide: WaitingChanges, useClass: SqlWaitingChanges },
    { provide: ChangeConsumers, useClass: DiscoveredChangeConsumers },
    { provide: PhoneMessages, useClass: SqlPhoneMessages },
    TakeInChange,
    Changes,
  ],
  exports: [PhoneMessages],
})
export class WebhookChangesModule {}
