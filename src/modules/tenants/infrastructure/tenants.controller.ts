import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { newId, tenantId } from '../../../kernel/ids.js';
import { AlsoForThePlatform, PlatformOnly, RequiresScope, TenantInPath } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { ReservesIdempotencyKey } from '../../../platform/http/idempotency.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import { ChangeTenant } from '../application/tenants/change-tenant.js';
import { ListTenants } from '../application/tenants/list-tenants.js';
import { type RegisteredTenant, RegisterTenant } from '../application/tenants/register-tenant.js';
import { ResumeTenant } from '../application/tenants/resume-tenant.js';
import { ShowTenant } from '../application/tenants/show-tenant.js';
import { SuspendTenant } from '../application/tenants/suspend-tenant.js';
import type { TenantView } from '../application/tenants/tenant-view.js';
import { ChangeTenantDto, RegisteredTenantDto, RegisterTenantDto, TenantDto } from './tenants.dto.js';

@ApiTags('Tenants')
@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly scope: TenantScope,
  ) {}

  @Post()
  @PlatformOnly()
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: 'Register a merchant',
    description: 'With its first ADMIN and its first API key. For the platform operator.',
  })
  @ApiCreatedResponse({ type: RegisteredTenantDto })
  register(@Body() { admin, ...profile }: RegisterTenantDto): Promise<RegisteredTenant> {
    return this.scope.run(tenantId(newId()), () => this.commands.execute(new RegisterTenant(profile, admin)));
  }

  @Get()
  @RequiresScope('tenant:read')
  @AlsoForThePlatform()
  @ApiOperation({ summary: 'The merchants', description: 'All for the platform operator; a merchant sees itself.' })
  @ApiPage(TenantDto)
  list(@Query() page: PageQuery): Promise<Page<TenantView>> {
    return this.queries.execute(new ListTenants(page));
  }

  @Get(':id')
  @RequiresScope('tenant:read')
  @TenantInPath('id')
  @ApiOperation({ summary: 'A merchant' })
  @ApiOkResponse({ type: TenantDto })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<TenantView> {
    return this.queries.execute(new ShowTenant(id));
  }

  @Patch(':id')
  @RequiresScope('tenant:write')
  @TenantInPath('id')
  @ApiOperation({ summary: 'Change a merchant' })
  @ApiOkResponse({ type: TenantDto })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() profile: ChangeTenantDto): Promise<TenantView> {
    return this.commands.execute(new ChangeTenant(id, profile));
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @PlatformOnly()
  @TenantInPath('id')
  @ApiOperation({
    summary: 'Suspend a merchant',
    description:
      'Its people and keys get 403 TENANT_SUSPENDED; webhooks are stored and wait. For the platform operator.',
  })
  @ApiOkResponse({ type: TenantDto })
  suspend(@Param('id', ParseUUIDPipe) id: string): Promise<TenantView> {
    return this.commands.execute(new SuspendTenant(id));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @PlatformOnly()
  @TenantInPath('id')
  @ApiOperation({ summary: 'Resume a suspended merchant', description: 'For the platform operator.' })
  @ApiOkResponse({ type: TenantDto })
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<TenantView> {
    return this.commands.execute(new ResumeTenant(id));
  }
}
