import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { actorOf, CurrentPrincipal, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ReservesIdempotencyKey } from '../../../../platform/http/idempotency.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { AcknowledgeTemplate } from '../../application/templates/acknowledge-template.js';
import { DeleteTemplate } from '../../application/templates/delete-template.js';
import { ListTemplates } from '../../application/templates/list-templates.js';
import { type TemplatePreview, PreviewTemplate } from '../../application/templates/preview-template.js';
import { SubmitTemplate } from '../../application/templates/submit-template.js';
import { SyncTemplates } from '../../application/templates/sync-templates.js';
import type { TemplateView } from '../../application/templates/template-view.js';
import { WhichAccount } from '../accounts/accounts.dto.js';
import { readTemplate } from '../outbound/messages.dto.js';
import {
  PreviewTemplateDto,
  SubmitTemplateDto,
  SyncedDto,
  TemplateNameParam,
  TemplatePreviewDto,
  TemplatesQuery,
  TemplateViewDto,
} from './templates.dto.js';

@ApiTags('WhatsApp templates')
@Controller('v1/whatsapp/templates')
export class TemplatesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('whatsapp:read')
  @ApiOperation({ summary: 'Templates of all accounts, as they were last told or synced' })
  @ApiPage(TemplateViewDto)
  list(@Query() { limit, cursor, status, name, phoneNumberId }: TemplatesQuery): Promise<Page<TemplateView>> {
    return this.queries.execute(new ListTemplates({ status, name, phoneNumberId }, limit, cursor));
  }

  @Post('sync')
  @HttpCode(200)
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Ask WhatsApp for the templates now',
    description:
      'Of all connected accounts. They are asked hourly by themselves; what the list lacks is shown as `deleted`.',
  })
  @ApiOkResponse({ type: SyncedDto })
  async sync(): Promise<SyncedDto> {
    return { accounts: await this.commands.execute(new SyncTemplates()) };
  }

  @Post()
  @RequiresScope('whatsapp:write')
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: 'Submit a template for review',
    description:
      "422 `TEMPLATE_INVALID` names what breaks Meta's rules; what Meta itself refuses is 502 with its code.",
  })
  @ApiCreatedResponse({ type: TemplateViewDto })
  submit(@Body() { wabaId, parameterFormat = 'positional', ...submission }: SubmitTemplateDto): Promise<TemplateView> {
    return this.commands.execute(new SubmitTemplate({ ...submission, parameterFormat }, wabaId));
  }

  @Delete(':name')
  @HttpCode(204)
  @RequiresScope('whatsapp:write')
  @ApiOperation({ summary: 'Delete a template in all its languages' })
  @ApiNoContentResponse()
  delete(@Param() { name }: TemplateNameParam, @Query() { wabaId }: WhichAccount): Promise<void> {
    return this.commands.execute(new DeleteTemplate(name, wabaId));
  }

  @Post(':name/preview')
  @HttpCode(200)
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'What the customer would see',
    description: 'Sends nothing; `faults` says what would keep it from being sent.',
  })
  @ApiOkResponse({ type: TemplatePreviewDto })
  preview(
    @Param() { name }: TemplateNameParam,
    @Body() { language, parameters = {} }: PreviewTemplateDto,
  ): Promise<TemplatePreview> {
    const {
      type: _,
      name: __,
      language: ___,
      ...given
    } = readTemplate({ name, language: language ?? '', ...parameters }, 'parameters');
    return this.queries.execute(new PreviewTemplate(name, language, given));
  }

  @Post(':name/acknowledge')
  @HttpCode(204)
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Note that a template has another category now',
    description:
      'WhatsApp moves templates to other categories by itself; `previousCategory` and its alert stand until somebody has seen it.',
  })
  @ApiNoContentResponse()
  acknowledge(@Param() { name }: TemplateNameParam, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.commands.execute(new AcknowledgeTemplate(actorOf(principal), name));
  }
}
