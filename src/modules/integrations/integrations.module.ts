import { Module } from '@nestjs/common';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { AnnounceBusinessEvents } from './application/announcing/announce-business-events.js';
import { DeliverWebhooks } from './application/deliveries/deliver-webhooks.js';
import { DeliveryQueue } from './application/deliveries/delivery-queue.js';
import { PostWebhook } from './application/deliveries/post-webhook.js';
import { ReplayDeliveriesHandler } from './application/deliveries/replay-deliveries.js';
import { RingWhenLogGrows } from './application/deliveries/ring-when-log-grows.js';
import { RingWhenTenantResumed } from './application/deliveries/ring-when-tenant-resumed.js';
import { FindDeliveryHandler, ListDeliveriesHandler } from './application/deliveries/show-deliveries.js';
import { TellOfEndpoints } from './application/deliveries/tell-of-endpoints.js';
import { TestEndpointHandler } from './application/deliveries/test-endpoint.js';
import { WebhookDeliveries } from './application/deliveries/webhook-deliveries.js';
import { AddEndpointHandler } from './application/endpoints/add-endpoint.js';
import { ChangeEndpointHandler } from './application/endpoints/change-endpoint.js';
import { PauseEndpointHandler } from './application/endpoints/pause-endpoint.js';
import { RemoveEndpointHandler } from './application/endpoints/remove-endpoint.js';
import { ResumeEndpointHandler } from './application/endpoints/resume-endpoint.js';
import { RotateSecretHandler } from './application/endpoints/rotate-secret.js';
import { FindEndpointHandler, ListEndpointsHandler } from './application/endpoints/show-endpoints.js';
import { SigningSecrets } from './application/endpoints/signing-secrets.js';
import { WebhookEndpoints } from './application/endpoints/webhook-endpoints.js';
import { WebhookBell } from './application/webhook-bell.js';
import { WEBHOOK_OUT } from './application/webhook-out-lane.js';
import { DeliveryLines } from './infrastructure/delivery-lines.js';
import { PruneDeliveries } from './infrastructure/prune-deliveries.js';
import { SqlDeliveryQueue } from './infrastructure/sql-delivery-queue.js';
import { SqlWebhookDeliveries } from './infrastructure/sql-webhook-deliveries.js';
import { SqlWebhookEndpoints } from './infrastructure/sql-webhook-endpoints.js';
import { WebhookDeliveriesController } from './infrastructure/webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './infrastructure/webhook-endpoints.controller.js';
import { WebhookOutDrain } from './infrastructure/webhook-out.drain.js';
import { WebhooksDepth } from './infrastructure/webhooks-depth.js';

/** Merchants' own systems: what happened is told to them, signed, in order, until they have it (D18). */
@Module({
  imports: [LanesModule.forKinds(WEBHOOK_OUT)],
  controllers: [WebhookEndpointsController, WebhookDeliveriesController],
  providers: [
    AddEndpointHandler,
    ChangeEndpointHandler,
    RemoveEndpointHandler,
    RotateSecretHandler,
    PauseEndpointHandler,
    ResumeEndpointHandler,
    ListEndpointsHandler,
    FindEndpointHandler,
    TestEndpointHandler,
    ReplayDeliveriesHandler,
    ListDeliveriesHandler,
    FindDeliveryHandler,
    AnnounceBusinessEvents,
    RingWhenLogGrows,
    RingWhenTenantResumed,
    DeliverWebhooks,
    PostWebhook,
    SigningSecrets,
    TellOfEndpoints,
    WebhookBell,
    DeliveryLines,
    WebhookOutDrain,
    PruneDeliveries,
    WebhooksDepth,
    { provide: WebhookEndpoints, useClass: SqlWebhookEndpoints },
    { provide: WebhookDeliveries, useClass: SqlWebhookDeliveries },
    { provide: DeliveryQueue, useClass: SqlDeliveryQueue },
  ],
})
export class IntegrationsModule {}
