import { type DynamicModule, Module } from '@nestjs/common';
import { ClockModule } from './platform/clock/clock.module.js';
import { Config } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import { CqrsModule } from './platform/cqrs/cqrs.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { LanesModule } from './platform/lanes/lanes.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { MessagingModule } from './modules/messaging/index.js';

/** The application: machinery first, then the contexts from the bottom up. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        DatabaseModule,
        ClockModule,
        CqrsModule,
        QueueModule.forRoot(),
        LanesModule,
        OutboxModule,
        MessagingModule,
      ],
    };
  }
}
