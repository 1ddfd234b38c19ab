import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequiresScope } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import { ChangeUser } from '../application/users/change-user.js';
import { CreateUser } from '../application/users/create-user.js';
import { DisableUser } from '../application/users/disable-user.js';
import { EnableUser } from '../application/users/enable-user.js';
import { ListUsers } from '../application/users/list-users.js';
import { ResetPassword } from '../application/users/reset-password.js';
import { ShowUser } from '../application/users/show-user.js';
import type { UserView } from '../application/users/user-view.js';
import { ChangeUserDto, CreateUserDto, ResetPasswordDto, UserDto } from './people.dto.js';

@ApiTags('People')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @RequiresScope('people:write')
  @ApiOperation({ summary: 'Add a user' })
  @ApiCreatedResponse({ type: UserDto })
  create(
    @Body() { areas = [], ...colleague }: CreateUserDto,
    @CurrentPrincipal() { scopes }: Principal,
  ): Promise<UserView> {
    return this.commands.execute(new CreateUser({ ...colleague, areas }, scopes));
  }

  @Get()
  @RequiresScope('people:read')
  @ApiOperation({ summary: 'The users' })
  @ApiPage(UserDto)
  list(@Query() page: PageQuery): Promise<Page<UserView>> {
    return this.queries.execute(new ListUsers(page));
  }

  @Get(':id')
  @RequiresScope('people:read')
  @ApiOperation({ summary: 'A user' })
  @ApiOkResponse({ type: UserDto })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<UserView> {
    return this.queries.execute(new ShowUser(id));
  }

  @Patch(':id')
  @RequiresScope('people:write')
  @ApiOperation({
    summary: "Change a user's name, role or areas",
    description:
      'A new role ends the access tokens of the old one; a refresh brings one of the new. The last active ADMIN stays one.',
  })
  @ApiOkResponse({ type: UserDto })
  change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() changes: ChangeUserDto,
    @CurrentPrincipal() { scopes }: Principal,
  ): Promise<UserView> {
    return this.commands.execute(new ChangeUser(id, changes, scopes));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @RequiresScope('people:write')
  @ApiOperation({
    summary: 'Disable a user',
    description: 'Access ends at once. The last active ADMIN cannot be disabled.',
  })
  @ApiOkResponse({ type: UserDto })
  disable(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() { scopes }: Principal): Promise<UserView> {
    return this.commands.execute(new DisableUser(id, scopes));
  }

  @Post(':id/enable')
  @HttpCode(200)
  @RequiresScope('people:write')
  @ApiOperation({ summary: 'Enable a user again' })
  @ApiOkResponse({ type: UserDto })
  enable(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() { scopes }: Principal): Promise<UserView> {
    return this.commands.execute(new EnableUser(id, scopes));
  }

  @Post(':id/password')
  @HttpCode(204)
  @RequiresScope('people:write')
  @ApiOperation({
    summary: 'Give a user a new password',
    description: 'For one who forgot it; all sessions of the user end.',
  })
  @ApiNoContentResponse()
  async resetPassword(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { newPassword }: ResetPasswordDto,
    @CurrentPrincipal() { scopes }: Principal,
  ): Promise<void> {
    await this.commands.execute(new ResetPassword(id, newPassword, scopes));
  }
}
