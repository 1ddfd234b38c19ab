import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { SafeFetch } from '../../../../platform/media-store/safe-fetch.js';
import { NumberTenantEvents } from '../../../../platform/realtime/number-tenant-events.js';
import { TooManyWebhookEndpoints, WebhookUrlRefused } from '../../domain/webhook-errors.js';
import { SigningSecrets } from './signing-secrets.js';
import { type EndpointToAdd, type EndpointView, WebhookEndpoints } from './webhook-endpoints.js';

const MOST = 10;

/** The one moment at which a secret is shown. */
export interface AddedEndpoint extends EndpointView {
  readonly secret: string;
}

/** It hears of what happens from now on. @throws WebhookUrlRefused, TooManyWebhookEndpoints */
export class AddEndpoint extends Command<AddedEndpoint> {
  constructor(readonly endpoint: EndpointToAdd) {
    super();
  }
}

@CommandHandler(AddEndpoint)
export class AddEndpointHandler implements ICommandHandler<AddEndpoint> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly secrets: SigningSecrets,
    private readonly numbers: NumberTenantEvents,
    private readonly safeFetch: SafeFetch,
    private readonly audit: AuditLog,
  ) {}

  async execute({ endpoint }: AddEndpoint): Promise<AddedEndpoint> {
    if (!this.safeFetch.mayPostTo(endpoint.url)) throw new WebhookUrlRefused();
    if ((await this.endpoints.lockNumber()) >= MOST) throw new TooManyWebhookEndpoints(MOST);
    const id = newId();
    // Held, so that whoever gives the next number sees the endpoint and wakes its worker.
    await this.endpoints.add(id, endpoint, await this.numbers.hold());
    const secret = await this.secrets.renew(id);
    await this.audit.record({ action: 'webhook-endpoint.added', subjectId: id, details: { url: endpoint.url } });
    return { ...(await this.endpoints.find(id)), secret };
  }
}
