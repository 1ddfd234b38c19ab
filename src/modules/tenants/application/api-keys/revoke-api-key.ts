import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Scope } from '../../../../kernel/access.js';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { ApiKeys } from './api-keys.js';

/** @throws ApiKeyNotFound, ExceedsOwnPower */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly id: string,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ id, power }: RevokeApiKey): Promise<void> {
    givesNoMoreThan(power, await this.apiKeys.scopesOf(id));
    await this.apiKeys.revoke(id, this.clock.now());
    await this.audit.record({ action: 'api-key.revoked', subjectId: id });
  }
}
