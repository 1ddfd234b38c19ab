import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  getSchemaPath,
  PartialType,
} from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { AddLabel, ChangeLabel, ListLabels, RemoveLabel } from '../../application/labels/keep-labels.js';
import type { LabelView } from '../../application/labels/labels.js';

class AddLabelDto {
  @ApiProperty({ maxLength: 50 })
  @IsString()
  @MaxLength(50)
  @Matches(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, { message: 'name must be printable text' })
  name!: string;

  @ApiProperty({ example: '#2f855a' })
  @IsString()
  @Matches(/^#[0-9a-f]{6}$/i, { message: 'color must be #rrggbb' })
  color!: string;
}

class ChangeLabelDto extends PartialType(AddLabelDto, { skipNullProperties: false }) {}

class LabelDto implements LabelView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ example: '#2f855a' }) color!: string;
}

@ApiTags('Conversations')
@ApiExtraModels(LabelDto)
@Controller('v1/labels')
export class LabelsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('conversations:read')
  @ApiOperation({ summary: 'The labels, by name' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['data'],
      properties: { data: { type: 'array', items: { $ref: getSchemaPath(LabelDto) } } },
    },
  })
  async list(): Promise<{ data: readonly LabelView[] }> {
    return { data: await this.queries.execute(new ListLabels()) };
  }

  @Post()
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Add a label' })
  @ApiCreatedResponse({ type: LabelDto })
  @ApiConflictResponse({ description: '`LABEL_NAME_TAKEN`' })
  add(@Body() { name, color }: AddLabelDto): Promise<LabelView> {
    return this.commands.execute(new AddLabel(name, color.toLowerCase()));
  }

  @Patch(':id')
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Change a label' })
  @ApiOkResponse({ type: LabelDto })
  @ApiNotFoundResponse({ description: '`LABEL_NOT_FOUND`' })
  @ApiConflictResponse({ description: '`LABEL_NAME_TAKEN`' })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() { name, color }: ChangeLabelDto): Promise<LabelView> {
    return this.commands.execute(new ChangeLabel(id, { name, color: color?.toLowerCase() }));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('conversations:write')
  @ApiOperation({ summary: 'Remove a label, from its conversations too' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`LABEL_NOT_FOUND`' })
  async remove(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new RemoveLabel(id));
  }
}
