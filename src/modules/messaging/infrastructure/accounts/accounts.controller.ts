import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ReservesIdempotencyKey } from '../../../../platform/http/idempotency.js';
import type { AccountView } from '../../application/accounts/account-view.js';
import { ConnectAccount } from '../../application/accounts/connect-account.js';
import { DisconnectAccount } from '../../application/accounts/disconnect-account.js';
import { FindAccount } from '../../application/accounts/find-account.js';
import { OnboardAccount } from '../../application/accounts/onboard-account.js';
import { AccountDto, ConnectDto, OnboardDto, readSetupInfo, WhichAccount } from './accounts.dto.js';

@ApiTags('WhatsApp account')
@Controller('v1/whatsapp')
export class AccountsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post('onboard')
  @RequiresScope('whatsapp:write')
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: "Connect by Meta's signup dialog",
    description:
      'Exchanges the code, finds the account and its numbers, subscribes to its webhooks, saves. After a fault the same call goes on from where it stopped.',
  })
  @ApiCreatedResponse({ type: AccountDto })
  onboard(@Body() { code, setupInfo }: OnboardDto): Promise<AccountView> {
    return this.commands.execute(new OnboardAccount(code, readSetupInfo(setupInfo)));
  }

  @Post('connect')
  @RequiresScope('whatsapp:write')
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: 'Connect by ids and token',
    description:
      'Everything is confirmed with Meta before anything is saved. Repeat it with a new token when the old one was refused.',
  })
  @ApiCreatedResponse({ type: AccountDto })
  connect(@Body() { wabaId, phoneNumberId, accessToken }: ConnectDto): Promise<AccountView> {
    return this.commands.execute(new ConnectAccount(wabaId, phoneNumberId, accessToken));
  }

  @Get('account')
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'The connected account',
    description:
      'With several, the longest connected one unless `wabaId` names another; with its numbers of the areas that the caller works in. Never shows the token.',
  })
  @ApiOkResponse({ type: AccountDto })
  find(@Query() { wabaId }: WhichAccount, @CurrentPrincipal() principal: Principal): Promise<AccountView> {
    return this.queries.execute(new FindAccount(inboxAccessOf(principal), wabaId));
  }

  @Delete('account')
  @HttpCode(204)
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Disconnect the account',
    description:
      'Erases the token; its numbers send nothing more, and may be connected elsewhere. With several accounts `wabaId` must name one.',
  })
  @ApiNoContentResponse()
  disconnect(@Query() { wabaId }: WhichAccount): Promise<void> {
    return this.commands.execute(new DisconnectAccount(wabaId));
  }
}
