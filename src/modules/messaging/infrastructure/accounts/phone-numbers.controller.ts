import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, inboxAccessOf, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import type { PhoneNumberView } from '../../application/accounts/account-view.js';
import { ChangePhoneNumber } from '../../application/accounts/change-phone-number.js';
import { ListPhoneNumbers } from '../../application/accounts/list-phone-numbers.js';
import { ResumePhoneNumber } from '../../application/accounts/resume-phone-number.js';
import { ChangePhoneNumberDto, PhoneNumberDto } from './accounts.dto.js';

@ApiTags('WhatsApp account')
@Controller('v1/whatsapp/phone-numbers')
export class PhoneNumbersController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'The phone numbers of all accounts',
    description: 'Of the areas that the caller works in; administrators, developers and API keys see all.',
  })
  @ApiPage(PhoneNumberDto)
  list(
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<PhoneNumberView>> {
    return this.queries.execute(new ListPhoneNumbers(inboxAccessOf(principal), limit, cursor));
  }

  @Patch(':phoneNumberId')
  @RequiresScope('whatsapp:write')
  @ApiOperation({ summary: "Change a number's area, purpose or name" })
  @ApiOkResponse({ type: PhoneNumberDto })
  change(
    @Param('phoneNumberId') phoneNumberId: string,
    @Body() choices: ChangePhoneNumberDto,
  ): Promise<PhoneNumberView> {
    return this.commands.execute(new ChangePhoneNumber(phoneNumberId, choices));
  }

  @Post(':phoneNumberId/resume')
  @HttpCode(204)
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Let a paused number send again',
    description: 'A number is paused when Meta restricts it; `pausedReason` says why.',
  })
  @ApiNoContentResponse()
  resume(@Param('phoneNumberId') phoneNumberId: string): Promise<void> {
    return this.commands.execute(new ResumePhoneNumber(phoneNumberId));
  }
}
