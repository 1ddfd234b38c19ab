import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { CurrentContactPolicy } from '../../application/contact-policy/current-contact-policy.js';
import { ReplaceContactPolicy } from '../../application/contact-policy/replace-contact-policy.js';
import type { ContactPolicy } from '../../domain/contact-policy.js';
import { ContactPolicyDto, ReplaceContactPolicyDto } from './contact-policy.dto.js';

@ApiTags('Reminders')
@Controller('v1/contact-policy')
export class ContactPolicyController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('reminders:read')
  @ApiOperation({ summary: 'When customers may be contacted unasked' })
  @ApiOkResponse({ type: ContactPolicyDto })
  async show(): Promise<ContactPolicyDto> {
    return toDto(await this.queries.execute(new CurrentContactPolicy()));
  }

  @Put()
  @RequiresScope('reminders:write')
  @ApiOperation({
    summary: 'Say when customers may be contacted unasked',
    description: 'Outside of these hours a reminder waits for the next ones; it is never dropped for them.',
  })
  @ApiOkResponse({ type: ContactPolicyDto })
  @ApiUnprocessableEntityResponse({ description: '`POLICY_NEVER_ALLOWS`' })
  async replace(@Body() { preset, maxPerDay, ...hours }: ReplaceContactPolicyDto): Promise<ContactPolicyDto> {
    const wanted = { ...hours, maxPerDay: maxPerDay ?? undefined };
    return toDto(await this.commands.execute(new ReplaceContactPolicy(wanted, preset)));
  }
}

function toDto(policy: ContactPolicy): ContactPolicyDto {
  return {
    ...policy,
    weekdays: [...policy.weekdays],
    holidays: [...policy.holidays],
    maxPerDay: policy.maxPerDay ?? null,
  };
}
