import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ListReminderTemplates } from '../../application/templates/list-reminder-templates.js';
import { ReplaceReminderTemplates } from '../../application/templates/replace-reminder-templates.js';
import { TEMPLATE_SLOTS, type TemplateSlot } from '../../domain/reminder-template.js';
import { ReminderTemplatesDto, TemplateInUseDto, TEMPLATES_IN_USE } from './reminder-templates.dto.js';

type TemplatesInUse = Partial<Record<TemplateSlot, TemplateInUseDto>>;

@ApiTags('WhatsApp account')
@ApiExtraModels(TemplateInUseDto)
@Controller('v1/whatsapp/reminder-templates')
export class ReminderTemplatesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('whatsapp:read')
  @ApiOperation({ summary: 'The templates that reminders use', description: "Yours, else the platform's." })
  @ApiOkResponse({ schema: TEMPLATES_IN_USE })
  async show(): Promise<TemplatesInUse> {
    const templates = await this.queries.execute(new ListReminderTemplates());
    return Object.fromEntries(
      templates.map(({ slot, language, ...template }) => [slot, { ...template, language: language ?? null }]),
    );
  }

  @Put()
  @RequiresScope('whatsapp:write')
  @ApiOperation({
    summary: 'Use templates of your own for reminders',
    description: "Replaces all: a slot that is left out has the platform's again.",
  })
  @ApiOkResponse({ schema: TEMPLATES_IN_USE })
  async replace(@Body() body: ReminderTemplatesDto): Promise<TemplatesInUse> {
    const overrides = TEMPLATE_SLOTS.flatMap((slot) => {
      const own = body[slot];
      return own
        ? [
            {
              slot,
              name: own.name,
              language: own.language,
              positional: own.positional ?? [],
              replies: own.replies ?? [],
            },
          ]
        : [];
    });
    await this.commands.execute(new ReplaceReminderTemplates(overrides));
    return this.show();
  }
}
