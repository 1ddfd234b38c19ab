import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { randomBytes } from 'node:crypto';
import type { Scope } from '../../../../kernel/access.js';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantDirectory } from '../../../../platform/database/tenant-directory.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { displayName } from '../../domain/tenant-words.js';
import type { ApiKeyView } from './api-key-view.js';
import { ApiKeys } from './api-keys.js';

/** The one moment at which a key is shown. */
export interface CreatedApiKey extends ApiKeyView {
  /** `nd_` and 43 characters: 256 random bits. */
  readonly key: string;
}

/** @throws ExceedsOwnPower, UnknownWord */
export class CreateApiKey extends Command<CreatedApiKey> {
  constructor(
    readonly name: string,
    readonly scopes: readonly Scope[],
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ name, scopes: asked, power }: CreateApiKey): Promise<CreatedApiKey> {
    const scopes = [...new Set(asked)];
    givesNoMoreThan(power, scopes);
    const key = `nd_${randomBytes(32).toString('base64url')}`;
    const shown = { id: newId(), name: displayName(name), hint: key.slice(0, 9), scopes, createdAt: this.clock.now() };
    await this.apiKeys.add({ ...shown, digest: TenantDirectory.digest(key) });
    await this.audit.record({ action: 'api-key.created', subjectId: shown.id, details: { name: shown.name, scopes } });
    return { ...shown, lastUsedAt: null, revokedAt: null, key };
  }
}
