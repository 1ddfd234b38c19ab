import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { WebhookEndpoints } from './webhook-endpoints.js';

/** With its secrets and deliveries; what is on the wire still arrives. @throws WebhookEndpointNotFound */
export class RemoveEndpoint extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(RemoveEndpoint)
export class RemoveEndpointHandler implements ICommandHandler<RemoveEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: RemoveEndpoint): Promise<void> {
    const { url } = await this.endpoints.lock(id);
    await this.endpoints.remove(id);
    await this.audit.record({ action: 'webhook-endpoint.removed', subjectId: id, details: { url } });
  }
}
