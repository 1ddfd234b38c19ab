import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ROLES } from '../../../kernel/access.js';
import {
  AlsoForThePlatform,
  Authenticated,
  Authenticator,
  bearerOf,
  CurrentPrincipal,
  type Principal,
  Public,
  RequiresRole,
  type UserPrincipal,
} from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { IgnoresIdempotencyKey } from '../../../platform/http/idempotency.js';
import { RateLimit } from '../../../platform/http/request-limits.js';
import { ChangeOwnPassword } from '../application/sessions/change-own-password.js';
import { GiveUpRefreshToken } from '../application/sessions/give-up-refresh-token.js';
import { LogIn } from '../application/sessions/log-in.js';
import { LogOutEverywhere } from '../application/sessions/log-out-everywhere.js';
import { LogOut } from '../application/sessions/log-out.js';
import type { SessionView } from '../application/sessions/open-session.js';
import { RefreshSession } from '../application/sessions/refresh-session.js';
import { type Myself, WhoAmI } from '../application/sessions/who-am-i.js';
import { ChangePasswordDto, LogInDto, LogOutDto, RefreshDto, SessionDto } from './auth.dto.js';

@ApiTags('Sessions')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly authenticator: Authenticator,
    private readonly scope: TenantScope,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @RateLimit('login')
  @IgnoresIdempotencyKey()
  @ApiOperation({ summary: 'Log in', description: 'Ten tries a minute from one address, five for one account.' })
  @ApiOkResponse({ type: SessionDto })
  logIn(@Body() { email, password }: LogInDto): Promise<SessionView> {
    return this.commands.execute(new LogIn(email, password));
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @IgnoresIdempotencyKey()
  @ApiOperation({
    summary: 'Exchange a refresh token for a new pair',
    description: 'Each is good once; a second use ends the session, because somebody may have a copy.',
  })
  @ApiOkResponse({ type: SessionDto })
  refresh(@Body() { refreshToken }: RefreshDto): Promise<SessionView> {
    return this.commands.execute(new RefreshSession(refreshToken));
  }

  @Post('logout')
  @HttpCode(204)
  @Public()
  @IgnoresIdempotencyKey()
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'End the session',
    description:
      'That of the refresh token in the body, or else that of the access token. Both kinds of token end at once.',
  })
  @ApiNoContentResponse()
  async logOut(
    @Body() body: LogOutDto | undefined,
    @Headers('authorization') authorization: string | undefined,
  ): Promise<void> {
    if (body?.refreshToken !== undefined) return this.commands.execute(new GiveUpRefreshToken(body.refreshToken));
    const { tenantId, userId, sessionId } = await this.authenticator.userOf(bearerOf(authorization));
    return this.scope.run(tenantId, () => this.commands.execute(new LogOut(userId, sessionId)));
  }

  @Post('logout-everywhere')
  @HttpCode(204)
  @RequiresRole(...ROLES)
  @IgnoresIdempotencyKey()
  @ApiOperation({ summary: 'End all sessions of the user' })
  @ApiNoContentResponse()
  async logOutEverywhere(@CurrentPrincipal() { userId }: UserPrincipal): Promise<void> {
    await this.commands.execute(new LogOutEverywhere(userId));
  }

  @Post('password')
  @HttpCode(200)
  @RequiresRole(...ROLES)
  @IgnoresIdempotencyKey()
  @ApiOperation({
    summary: 'Change the own password',
    description: 'Ends all sessions of the user and answers a new one.',
  })
  @ApiOkResponse({ type: SessionDto })
  changePassword(
    @CurrentPrincipal() { userId }: UserPrincipal,
    @Body() { currentPassword, newPassword }: ChangePasswordDto,
  ): Promise<SessionView> {
    return this.commands.execute(new ChangeOwnPassword(userId, currentPassword, newPassword));
  }

  @Get('me')
  @Authenticated()
  @AlsoForThePlatform()
  @ApiOperation({
    summary: 'Whom the credential belongs to',
    description: "A user's fields for a user; with the tenant, and what the credential may do.",
  })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['kind', 'tenant', 'scopes'],
      properties: {
        kind: { enum: ['user', 'api-key', 'platform'] },
        id: { type: 'string' },
        name: { type: 'string' },
        tenant: { type: 'object', nullable: true },
        scopes: { type: 'array', items: { type: 'string' } },
      },
    },
  })
  me(@CurrentPrincipal() principal: Principal): Promise<Myself> {
    return this.queries.execute(new WhoAmI(principal));
  }
}
