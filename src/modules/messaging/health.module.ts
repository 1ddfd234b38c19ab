import { Module } from '@nestjs/common';
import { AccountAlerts } from './application/health/account-alerts.js';
import { SqlAccountAlerts } from './infrastructure/health/sql-account-alerts.js';

/** How the provider rates the merchant's numbers, and what the merchant must know about them. */
@Module({
  providers: [{ provide: AccountAlerts, useClass: SqlAccountAlerts }],
  exports: [AccountAlerts],
})
export class HealthModule {}
