import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SCOPES } from '../../../../kernel/access.js';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Tenant, type TenantProfile } from '../../domain/tenant.js';
import { CreateApiKey } from '../api-keys/create-api-key.js';
import { CreateUser } from '../users/create-user.js';
import { type TenantView, toTenantView } from './tenant-view.js';
import { Tenants } from './tenants.js';

export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export interface RegisteredTenant {
  readonly tenant: TenantView;
  /** An API key with all scopes; it cannot be shown again. */
  readonly apiKey: string;
}

/**
 * Takes in a merchant with its first ADMIN and its first API key (S2.46). Runs in the scope of the tenant that it makes: the
 * caller chooses the id and opens the scope. @throws UnknownWord, PasswordRefused, EmailTaken
 */
export class RegisterTenant extends Command<RegisteredTenant> {
  constructor(
    readonly profile: TenantProfile,
    readonly admin: FirstAdmin,
  ) {
    super();
  }
}

@CommandHandler(RegisterTenant)
export class RegisterTenantHandler implements ICommandHandler<RegisterTenant> {
  constructor(
    private readonly tenants: Tenants,
    private readonly scope: TenantScope,
    private readonly commands: Commands,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ profile, admin }: RegisterTenant): Promise<RegisteredTenant> {
    const tenant = Tenant.register(this.scope.tenantId, profile, this.clock.now());
    await this.tenants.add(tenant);
    await this.audit.record({
      action: 'tenant.registered',
      subjectId: tenant.state.id,
      details: { name: tenant.state.name },
    });
    const everything = new Set(SCOPES);
    await this.commands.execute(new CreateUser({ ...admin, role: 'ADMIN', areas: [] }, everything));
    const { key } = await this.commands.execute(new CreateApiKey('First key', SCOPES, everything));
    return { tenant: toTenantView(tenant.state), apiKey: key };
  }
}
