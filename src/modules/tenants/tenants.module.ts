import { Global, Module } from '@nestjs/common';
import { AuditLog, Authenticator } from '../../platform/auth/index.js';
import { SystemClock } from '../../platform/clock/system-clock.js';
import { ApiKeys } from './application/api-keys/api-keys.js';
import { CreateApiKeyHandler } from './application/api-keys/create-api-key.js';
import { ListApiKeysHandler } from './application/api-keys/list-api-keys.js';
import { RevokeApiKeyHandler } from './application/api-keys/revoke-api-key.js';
import { AreaExistsHandler } from './application/areas/area-exists.js';
import { Areas } from './application/areas/areas.js';
import { CreateAreaHandler } from './application/areas/create-area.js';
import { ListAreasHandler } from './application/areas/list-areas.js';
import { RemoveAreaHandler } from './application/areas/remove-area.js';
import { RenameAreaHandler } from './application/areas/rename-area.js';
import { ShowAreaHandler } from './application/areas/show-area.js';
import { ListAuditLogHandler } from './application/audit/list-audit-log.js';
import { RewrapDataKeysHandler } from './application/encryption/rewrap-data-keys.js';
import { InboxSettingsHandler } from './application/inbox-settings/inbox-settings.js';
import { ReplaceInboxSettingsHandler } from './application/inbox-settings/replace-inbox-settings.js';
import { AccessTokens } from './application/sessions/access-tokens.js';
import { ChangeOwnPasswordHandler } from './application/sessions/change-own-password.js';
import { GiveUpRefreshTokenHandler } from './application/sessions/give-up-refresh-token.js';
import { LogInHandler } from './application/sessions/log-in.js';
import { LogOutEverywhereHandler } from './application/sessions/log-out-everywhere.js';
import { LogOutHandler } from './application/sessions/log-out.js';
import { OpenSession } from './application/sessions/open-session.js';
import { RefreshFamilies } from './application/sessions/refresh-families.js';
import { RefreshSessionHandler } from './application/sessions/refresh-session.js';
import { SessionClock } from './application/sessions/session-clock.js';
import { WhoAmIHandler } from './application/sessions/who-am-i.js';
import { ChangeTenantHandler } from './application/tenants/change-tenant.js';
import { ListTenantsHandler } from './application/tenants/list-tenants.js';
import { RegisterTenantHandler } from './application/tenants/register-tenant.js';
import { ResumeTenantHandler } from './application/tenants/resume-tenant.js';
import { ShowTenantHandler } from './application/tenants/show-tenant.js';
import { StatusOfTenantHandler } from './application/tenants/status-of-tenant.js';
import { SuspendTenantHandler } from './application/tenants/suspend-tenant.js';
import { Tenants } from './application/tenants/tenants.js';
import { ChangeUserHandler } from './application/users/change-user.js';
import { CreateUserHandler } from './application/users/create-user.js';
import { DisableUserHandler } from './application/users/disable-user.js';
import { EnableUserHandler } from './application/users/enable-user.js';
import { ListUsersHandler } from './application/users/list-users.js';
import { Passwords } from './application/users/passwords.js';
import { ResetPasswordHandler } from './application/users/reset-password.js';
import { ShowUserHandler } from './application/users/show-user.js';
import { Users } from './application/users/users.js';
import { ApiKeysController } from './infrastructure/api-keys.controller.js';
import { AreasController } from './infrastructure/areas.controller.js';
import { Argon2Passwords } from './infrastructure/argon2-passwords.js';
import { AuditLogController } from './infrastructure/audit-log.controller.js';
import { AuthController } from './infrastructure/auth.controller.js';
import { DatabaseAuthenticator } from './infrastructure/database-authenticator.js';
import { EncryptionController } from './infrastructure/encryption.controller.js';
import { InboxSettingsController } from './infrastructure/inbox-settings/inbox-settings.controller.js';
import { JwtAccessTokens } from './infrastructure/jwt-access-tokens.js';
import { PrismaApiKeys } from './infrastructure/prisma-api-keys.js';
import { PrismaAreas } from './infrastructure/prisma-areas.js';
import { PrismaRefreshFamilies } from './infrastructure/prisma-refresh-families.js';
import { PrismaTenants } from './infrastructure/prisma-tenants.js';
import { PrismaUsers } from './infrastructure/prisma-users.js';
import { SqlAuditLog } from './infrastructure/sql-audit-log.js';
import { TenantsController } from './infrastructure/tenants.controller.js';
import { UsersController } from './infrastructure/users.controller.js';

const TENANTS = [
  RegisterTenantHandler,
  ChangeTenantHandler,
  SuspendTenantHandler,
  ResumeTenantHandler,
  ListTenantsHandler,
  ShowTenantHandler,
  StatusOfTenantHandler,
];
const USERS = [
  CreateUserHandler,
  ChangeUserHandler,
  DisableUserHandler,
  EnableUserHandler,
  ResetPasswordHandler,
  ListUsersHandler,
  ShowUserHandler,
];
const AREAS = [
  CreateAreaHandler,
  RenameAreaHandler,
  RemoveAreaHandler,
  ListAreasHandler,
  ShowAreaHandler,
  AreaExistsHandler,
];
const API_KEYS = [CreateApiKeyHandler, RevokeApiKeyHandler, ListApiKeysHandler];
const SESSIONS = [
  OpenSession,
  LogInHandler,
  RefreshSessionHandler,
  LogOutHandler,
  GiveUpRefreshTokenHandler,
  LogOutEverywhereHandler,
  ChangeOwnPasswordHandler,
  WhoAmIHandler,
];

/** Merchants and their people; global, because every request asks it who is calling and every module writes its audit log. */
@Global()
@Module({
  controllers: [
    TenantsController,
    AuthController,
    UsersController,
    AreasController,
    ApiKeysController,
    AuditLogController,
    EncryptionController,
    InboxSettingsController,
  ],
  providers: [
    ...TENANTS,
    ...USERS,
    ...AREAS,
    ...API_KEYS,
    ...SESSIONS,
    ListAuditLogHandler,
    RewrapDataKeysHandler,
    InboxSettingsHandler,
    ReplaceInboxSettingsHandler,
    { provide: Tenants, useClass: PrismaTenants },
    { provide: Users, useClass: PrismaUsers },
    { provide: Areas, useClass: PrismaAreas },
    { provide: ApiKeys, useClass: PrismaApiKeys },
    { provide: RefreshFamilies, useClass: PrismaRefreshFamilies },
    { provide: Passwords, useClass: Argon2Passwords },
    { provide: AccessTokens, useClass: JwtAccessTokens },
    { provide: SessionClock, useClass: SystemClock },
    { provide: AuditLog, useClass: SqlAuditLog },
    { provide: Authenticator, useClass: DatabaseAuthenticator },
  ],
  exports: [AuditLog, Authenticator],
})
export class TenantsModule {}
