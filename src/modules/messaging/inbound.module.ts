import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Config } from '../../platform/config/config.js';
import { DeadLettersModule } from '../../platform/dead-letters/dead-letters.module.js';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { FollowersModule } from './followers.module.js';
import { MediaBooksModule } from './media-books.module.js';
import { IncomingMessages } from './application/inbound/incoming-messages.js';
import { ListWebhookEventsHandler } from './application/inbound/list-webhook-events.js';
import { OrphanStatuses } from './application/inbound/orphan-statuses.js';
import { ReplayWebhookEventsHandler } from './application/inbound/replay-webhook-events.js';
import { SummariseWebhookEventsHandler } from './application/inbound/summarise-webhook-events.js';
import { InboundConsumers, TakeInMessage } from './application/inbound/take-in-message.js';
import { WebhookEvents } from './application/inbound/webhook-events.js';
import { AttemptReferences } from './domain/attempt-reference.js';
import { attemptReferences } from './infrastructure/inbound/attempt-reference-key.js';
import { DiscoveredConsumer } from './infrastructure/inbound/discovered-consumer.js';
import { ForgetProcessedEvents } from './infrastructure/inbound/forget-processed-events.js';
import { ForgetSplitWebhooks } from './infrastructure/inbound/forget-split-webhooks.js';
import { InboundMessages } from './infrastructure/inbound/inbound-messages.drain.js';
import { CHANGE_LANE, INBOUND_LANE, SPLIT_LANE, STATUS_LANE } from './infrastructure/inbound/lane-kinds.js';
import { MergeStatuses } from './infrastructure/inbound/merge-statuses.js';
import { RedriveWebhookEvent } from './infrastructure/inbound/redrive-webhook-event.js';
import { RouteEventsWhenAccountConnected } from './infrastructure/inbound/route-events-when-account-connected.js';
import { SplitWebhooks } from './infrastructure/inbound/split-webhooks.drain.js';
import { SqlIncomingMessages } from './infrastructure/inbound/sql-incoming-messages.js';
import { SqlOrphanStatuses } from './infrastructure/inbound/sql-orphan-statuses.js';
import { SqlWebhookEvents } from './infrastructure/inbound/sql-webhook-events.js';
import { Statuses } from './infrastructure/inbound/statuses.drain.js';
import { UnroutedEvents } from './infrastructure/inbound/unrouted-events.js';
import { WebhookDoor } from './infrastructure/inbound/webhook-door.js';
import { WebhookEventsController } from './infrastructure/inbound/webhook-events.controller.js';
import { WebhookFastPath } from './infrastructure/inbound/webhook-fast-path.js';
import { WebhookInbox } from './infrastructure/inbound/webhook-inbox.js';
import { WebhookRoute } from './infrastructure/inbound/webhook-route.js';

/** Webhooks in: the durable inbox, the events in it, customers' messages, statuses of ours. */
@Module({
  imports: [
    DiscoveryModule,
    FollowersModule,
    MediaBooksModule,
    DeadLettersModule,
    LanesModule.forKinds(SPLIT_LANE, INBOUND_LANE, STATUS_LANE, CHANGE_LANE),
  ],
  controllers: [WebhookEventsController],
  providers: [
    { provide: AttemptReferences, inject: [Config], useFactory: attemptReferences },
    { provide: InboundConsumers, useClass: DiscoveredConsumer },
    { provide: IncomingMessages, useClass: SqlIncomingMessages },
    { provide: OrphanStatuses, useExisting: SqlOrphanStatuses },
    { provide: WebhookEvents, useClass: SqlWebhookEvents },
    SqlOrphanStatuses,
    WebhookInbox,
    WebhookDoor,
    WebhookRoute,
    WebhookFastPath,
    UnroutedEvents,
    SplitWebhooks,
    TakeInMessage,
    InboundMessages,
    MergeStatuses,
    Statuses,
    RedriveWebhookEvent,
    RouteEventsWhenAccountConnected,
    ForgetProcessedEvents,
    ForgetSplitWebhooks,
    ListWebhookEventsHandler,
    SummariseWebhookEventsHandler,
    ReplayWebhookEventsHandler,
  ],
  exports: [AttemptReferences, OrphanStatuses],
})
export class InboundModule {}
