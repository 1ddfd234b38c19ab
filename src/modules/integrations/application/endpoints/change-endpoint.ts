import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { SafeFetch } from '../../../../platform/media-store/safe-fetch.js';
import { WebhookUrlRefused } from '../../domain/webhook-errors.js';
import { type EndpointToAdd, type EndpointView, WebhookEndpoints } from './webhook-endpoints.js';

/** What waits goes to the new URL; other events are told from the next one on. @throws WebhookEndpointNotFound, WebhookUrlRefused */
export class ChangeEndpoint extends Command<EndpointView> {
  constructor(
    readonly id: string,
    readonly change: Partial<EndpointToAdd>,
  ) {
    super();
  }
}

@CommandHandler(ChangeEndpoint)
export class ChangeEndpointHandler implements ICommandHandler<ChangeEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly safeFetch: SafeFetch,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id, change }: ChangeEndpoint): Promise<EndpointView> {
    await this.endpoints.lock(id);
    if (change.url !== undefined && !this.safeFetch.mayPostTo(change.url)) throw new WebhookUrlRefused();
    await this.endpoints.change(id, change);
    await this.audit.record({ action: 'webhook-endpoint.changed', subjectId: id, details: { ...change } });
    return this.endpoints.find(id);
  }
}
