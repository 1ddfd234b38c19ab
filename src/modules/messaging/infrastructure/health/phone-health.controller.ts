import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  Forbidden,
  inboxAccessOf,
  type Principal,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ListPhoneHealth } from '../../application/health/list-phone-health.js';
import type { PhoneHealthView } from '../../application/health/phone-health-view.js';
import { RefreshPhoneHealth } from '../../application/health/refresh-phone-health.js';
import { PhoneHealthListDto, PhoneHealthQuery } from './health.dto.js';

@ApiTags('WhatsApp account')
@Controller('v1/whatsapp/phone-health')
export class PhoneHealthController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'How the phone numbers are: good, warning or danger, and why',
    description:
      'Served from the last reading, which is renewed in the background when it is older than 6 hours and called stale after 12. `refresh=true` asks WhatsApp at once: administrators alone, once a minute.',
  })
  @ApiOkResponse({ type: PhoneHealthListDto })
  async list(
    @Query() { refresh }: PhoneHealthQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ data: PhoneHealthView[] }> {
    const access = inboxAccessOf(principal);
    if (refresh !== 'true') return { data: await this.queries.execute(new ListPhoneHealth(access)) };
    if (principal.kind !== 'platform' && !(principal.kind === 'user' && principal.role === 'ADMIN'))
      throw new Forbidden('Only administrators may have WhatsApp asked again.');
    return { data: await this.commands.execute(new RefreshPhoneHealth(access)) };
  }
}
