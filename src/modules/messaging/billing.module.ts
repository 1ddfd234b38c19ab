import { Module } from '@nestjs/common';
import { ListBilledConversationsHandler } from './application/billing/list-billed-conversations.js';
import { PriceCharges } from './application/billing/price-charges.js';
import { ListRateCardsHandler, PutRateCardsHandler } from './application/billing/rate-cards.js';
import { RevalueChargesHandler } from './application/billing/revalue-charges.js';
import { FindUsageHandler } from './application/billing/usage.js';
import { BilledConversations } from './infrastructure/billing/billed-conversations.js';
import { BillingController } from './infrastructure/billing/billing.controller.js';
import { ChargeMessages } from './infrastructure/billing/charge-messages.js';
import { SeedRateCards } from './infrastructure/billing/seed-rate-cards.js';
import { SqlPriceCharges } from './infrastructure/billing/sql-price-charges.js';

/** What messages and conversations cost. */
@Module({
  controllers: [BillingController],
  providers: [
    { provide: PriceCharges, useClass: SqlPriceCharges },
    BilledConversations,
    ChargeMessages,
    SeedRateCards,
    FindUsageHandler,
    ListBilledConversationsHandler,
    ListRateCardsHandler,
    PutRateCardsHandler,
    RevalueChargesHandler,
  ],
})
export class BillingModule {}
