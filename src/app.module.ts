import { type DynamicModule, Module } from '@nestjs/common';
import { ConversationsModule } from './modules/conversations/index.js';
import { FlowsModule } from './modules/flows/index.js';
import { IntegrationsModule } from './modules/integrations/index.js';
import { MessagingModule } from './modules/messaging/index.js';
import { RemindersModule } from './modules/reminders/index.js';
import { TenantsModule } from './modules/tenants/index.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { ClockModule } from './platform/clock/clock.module.js';
import { Config } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import { CqrsModule } from './platform/cqrs/cqrs.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { DeadLetterDeskModule } from './platform/dead-letters/dead-letter-desk.module.js';
import { EncryptionModule } from './platform/encryption/encryption.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { LanesModule } from './platform/lanes/lanes.module.js';
import { MediaStoreModule } from './platform/media-store/media-store.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { RealtimeModule } from './platform/realtime/realtime.module.js';
import { QueueDashboardModule } from './platform/queue-dashboard/queue-dashboard.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { RateLimitingModule } from './platform/rate-limiting/rate-limiting.module.js';

/** The application: machinery first, then the contexts from the bottom up. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        LoggingModule,
        DatabaseModule,
        ClockModule.of(config),
        CqrsModule,
        MetricsModule,
        RateLimitingModule,
        EncryptionModule,
        // Interceptors run in this order: the caller's scope first, then limits and idempotency inside it.
        AuthModule,
        HttpModule,
        QueueModule.forRoot(),
        LanesModule,
        OutboxModule,
        RealtimeModule,
        MediaStoreModule,
        DeadLetterDeskModule,
        QueueDashboardModule,
        HealthModule,
        TenantsModule,
        MessagingModule,
        ConversationsModule,
        FlowsModule,
        IntegrationsModule,
        ...(config.ENABLE_REMINDERS ? [RemindersModule] : []),
      ],
    };
  }
}
