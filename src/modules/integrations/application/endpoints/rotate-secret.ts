import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { SigningSecrets } from './signing-secrets.js';
import { WebhookEndpoints } from './webhook-endpoints.js';

/** The secret before signs beside the new one for 24 hours. @throws WebhookEndpointNotFound */
export class RotateSecret extends Command<{ readonly secret: string }> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(RotateSecret)
export class RotateSecretHandler implements ICommandHandler<RotateSecret> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly secrets: SigningSecrets,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: RotateSecret): Promise<{ secret: string }> {
    await this.endpoints.lock(id);
    const secret = await this.secrets.renew(id);
    await this.audit.record({ action: 'webhook-endpoint.secret-rotated', subjectId: id });
    return { secret };
  }
}
