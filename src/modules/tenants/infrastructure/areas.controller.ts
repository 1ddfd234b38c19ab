import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import type { AreaView } from '../application/areas/areas.js';
import { CreateArea } from '../application/areas/create-area.js';
import { ListAreas } from '../application/areas/list-areas.js';
import { RemoveArea } from '../application/areas/remove-area.js';
import { RenameArea } from '../application/areas/rename-area.js';
import { ShowArea } from '../application/areas/show-area.js';
import { AreaDto, AreaNameDto } from './people.dto.js';

@ApiTags('People')
@Controller('v1/areas')
export class AreasController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @RequiresScope('people:write')
  @ApiOperation({ summary: 'Add an area' })
  @ApiCreatedResponse({ type: AreaDto })
  create(@Body() { name }: AreaNameDto): Promise<AreaView> {
    return this.commands.execute(new CreateArea(name));
  }

  @Get()
  @RequiresScope('people:read')
  @ApiOperation({ summary: 'The areas' })
  @ApiPage(AreaDto)
  list(@Query() page: PageQuery): Promise<Page<AreaView>> {
    return this.queries.execute(new ListAreas(page));
  }

  @Get(':id')
  @RequiresScope('people:read')
  @ApiOperation({ summary: 'An area' })
  @ApiOkResponse({ type: AreaDto })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<AreaView> {
    return this.queries.execute(new ShowArea(id));
  }

  @Patch(':id')
  @RequiresScope('people:write')
  @ApiOperation({ summary: 'Rename an area' })
  @ApiOkResponse({ type: AreaDto })
  rename(@Param('id', ParseUUIDPipe) id: string, @Body() { name }: AreaNameDto): Promise<AreaView> {
    return this.commands.execute(new RenameArea(id, name));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('people:write')
  @ApiOperation({
    summary: 'Remove an area',
    description: 'Takes it from its users; refused while a phone number belongs to it.',
  })
  @ApiNoContentResponse()
  async remove(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new RemoveArea(id));
  }
}
