import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../../kernel/ids.js';
import { WebhookEndpoints } from '../endpoints/webhook-endpoints.js';
import { WebhookBell } from '../webhook-bell.js';
import { DeliveryQueue } from './delivery-queue.js';
import { type DeliveryDetails, WebhookDeliveries } from './webhook-deliveries.js';

/** Sends a ping, once, whatever the endpoint's status. @throws WebhookEndpointNotFound */
export class TestEndpoint extends Command<DeliveryDetails> {
  constructor(readonly endpointId: string) {
    super();
  }
}

@CommandHandler(TestEndpoint)
export class TestEndpointHandler implements ICommandHandler<TestEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly queue: DeliveryQueue,
    private readonly deliveries: WebhookDeliveries,
    private readonly bell: WebhookBell,
  ) {}

  async execute({ endpointId }: TestEndpoint): Promise<DeliveryDetails> {
    await this.endpoints.find(endpointId);
    const id = newId();
    await this.queue.ping(endpointId, id);
    await this.bell.ring([endpointId]);
    return this.deliveries.find(endpointId, id);
  }
}
