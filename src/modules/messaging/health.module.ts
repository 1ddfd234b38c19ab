import { Module } from '@nestjs/common';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { AccountsModule } from './accounts.module.js';
import { AccountAlerts } from './application/health/account-alerts.js';
import { AcknowledgeAlertHandler } from './application/health/acknowledge-alert.js';
import { HealthSnapshots } from './application/health/health-snapshots.js';
import { ListAlertsHandler } from './application/health/list-alerts.js';
import { ListPhoneHealthHandler } from './application/health/list-phone-health.js';
import { NumberReadings } from './application/health/number-readings.js';
import { PHONE_HEALTH } from './application/health/phone-health-lane.js';
import { ReadNumberHealth } from './application/health/read-number-health.js';
import { RefreshPhoneHealthHandler } from './application/health/refresh-phone-health.js';
import { AlertsController } from './infrastructure/health/alerts.controller.js';
import { FollowAccountChanges } from './infrastructure/health/follow-account-changes.js';
import { PauseNumbersWhenAccountStopped } from './infrastructure/health/pause-numbers-when-account-stopped.js';
import { PhoneHealthController } from './infrastructure/health/phone-health.controller.js';
import { PhoneHealthDrain } from './infrastructure/health/phone-health.drain.js';
import { PrunePhoneHealth } from './infrastructure/health/prune-phone-health.js';
import { ReadHealthWhenAccountConnected } from './infrastructure/health/read-health-when-account-connected.js';
import { SqlAccountAlerts } from './infrastructure/health/sql-account-alerts.js';
import { SqlHealthSnapshots } from './infrastructure/health/sql-health-snapshots.js';
import { MetaHealth } from './infrastructure/meta/meta-health.js';

/** How the provider rates the merchant's numbers, and what the merchant must know about them. */
@Module({
  imports: [AccountsModule, LanesModule.forKinds(PHONE_HEALTH)],
  controllers: [PhoneHealthController, AlertsController],
  providers: [
    { provide: AccountAlerts, useClass: SqlAccountAlerts },
    { provide: HealthSnapshots, useClass: SqlHealthSnapshots },
    { provide: NumberReadings, useClass: MetaHealth },
    ReadNumberHealth,
    ListPhoneHealthHandler,
    RefreshPhoneHealthHandler,
    ListAlertsHandler,
    AcknowledgeAlertHandler,
    FollowAccountChanges,
    PhoneHealthDrain,
    PrunePhoneHealth,
    ReadHealthWhenAccountConnected,
    PauseNumbersWhenAccountStopped,
  ],
  exports: [AccountAlerts],
})
export class HealthModule {}
