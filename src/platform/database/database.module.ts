import { Global, Module } from '@nestjs/common';
import { Notifications } from './notifications.js';
import { DatabasePools } from './pools.js';
import { RowSecurityCheck } from './row-security-check.js';
import { TenantDirectory } from './tenant-directory.js';
import { TenantScope } from './tenant-scope.js';
import { UnitOfWork } from './unit-of-work.js';

@Global()
@Module({
  providers: [DatabasePools, TenantScope, UnitOfWork, TenantDirectory, Notifications, RowSecurityCheck],
  exports: [DatabasePools, TenantScope, UnitOfWork, TenantDirectory, Notifications],
})
export class DatabaseModule {}
