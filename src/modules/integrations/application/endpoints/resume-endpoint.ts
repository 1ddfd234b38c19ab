import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { NumberTenantEvents } from '../../../../platform/realtime/number-tenant-events.js';
import { DeliveryQueue } from '../deliveries/delivery-queue.js';
import { WebhookBell } from '../webhook-bell.js';
import { type EndpointView, WebhookEndpoints } from './webhook-endpoints.js';

/** Whatever stopped it: all that waited goes at once, in order. @throws WebhookEndpointNotFound */
export class ResumeEndpoint extends Command<EndpointView> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(ResumeEndpoint)
export class ResumeEndpointHandler implements ICommandHandler<ResumeEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly queue: DeliveryQueue,
    private readonly numbers: NumberTenantEvents,
    private readonly bell: WebhookBell,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: ResumeEndpoint): Promise<EndpointView> {
    await this.endpoints.lock(id);
    await this.endpoints.resume(id);
    await this.queue.hurry(id);
    // Whoever numbers the log meanwhile does not see that it is enabled, and wakes nobody; after this one it does.
    await this.numbers.hold();
    await this.bell.ring([id]);
    await this.audit.record({ action: 'webhook-endpoint.resumed', subjectId: id });
    return this.endpoints.find(id);
  }
}
