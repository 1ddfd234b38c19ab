import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { WebhookBell } from '../webhook-bell.js';
import { WebhookEndpoints } from './webhook-endpoints.js';

/** With its secrets at once, and its deliveries, of which there may be a month's, by its worker; what is on the wire still arrives. @throws WebhookEndpointNotFound */
export class RemoveEndpoint extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(RemoveEndpoint)
export class RemoveEndpointHandler implements ICommandHandler<RemoveEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly bell: WebhookBell,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: RemoveEndpoint): Promise<void> {
    const { url } = await this.endpoints.lock(id);
    await this.endpoints.remove(id);
    await this.bell.ring([id]);
    await this.audit.record({ action: 'webhook-endpoint.removed', subjectId: id, details: { url } });
  }
}
