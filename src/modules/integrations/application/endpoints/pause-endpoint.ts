import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { type EndpointView, WebhookEndpoints } from './webhook-endpoints.js';

/** Nothing more is sent but pings; events wait in the log, for as long as the log is kept. @throws WebhookEndpointNotFound */
export class PauseEndpoint extends Command<EndpointView> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(PauseEndpoint)
export class PauseEndpointHandler implements ICommandHandler<PauseEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: PauseEndpoint): Promise<EndpointView> {
    await this.endpoints.lock(id);
    await this.endpoints.pause(id);
    await this.audit.record({ action: 'webhook-endpoint.paused', subjectId: id });
    return this.endpoints.find(id);
  }
}
