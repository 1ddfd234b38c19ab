import { Module } from '@nestjs/common';
import { AccountsModule } from './accounts.module.js';
import { BillingModule } from './billing.module.js';
import { HealthModule } from './health.module.js';
import { InboundModule } from './inbound.module.js';
import { MarketingModule } from './marketing.module.js';
import { MediaBooksModule } from './media-books.module.js';
import { MediaModule } from './media.module.js';
import { OutboundModule } from './outbound.module.js';
import { TemplatesModule } from './templates.module.js';
import { WebhookChangesModule } from './webhook-changes.module.js';

/** The WhatsApp channel: accounts and numbers, what comes in, what goes out, and what the provider tells of it. */
@Module({
  imports: [
    AccountsModule,
    InboundModule,
    OutboundModule,
    MarketingModule,
    MediaBooksModule,
    MediaModule,
    TemplatesModule,
    WebhookChangesModule,
    HealthModule,
    BillingModule,
  ],
  exports: [OutboundModule, MediaBooksModule, WebhookChangesModule],
})
export class MessagingModule {}
