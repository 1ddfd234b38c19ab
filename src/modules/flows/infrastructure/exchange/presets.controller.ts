import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { SeenVersion } from '../../../../platform/http/if-match.js';
import { ImportFlow, type ImportResult } from '../../application/exchange/import-flow.js';
import { PreviewImport } from '../../application/exchange/preview-import.js';
import { FindPreset, ListPresets, type PresetView } from '../../application/exchange/show-presets.js';
import { FlowPresetDocumentDto, FlowPresetsDto, ImportFlowQuery, ImportResultOfFlowDto } from './exchange.dto.js';
import { showDocument } from './flow-document.dto.js';

const NOT_FOUND = { description: '`FLOW_PRESET_NOT_FOUND`' };

@ApiTags('Flows')
@Controller('v1/flow-presets')
export class PresetsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'Flows to begin with' })
  @ApiOkResponse({ type: FlowPresetsDto })
  async list(): Promise<{ readonly data: readonly PresetView[] }> {
    return { data: await this.queries.execute(new ListPresets()) };
  }

  @Get(':name')
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'One of them, as it would be imported' })
  @ApiOkResponse({ type: FlowPresetDocumentDto })
  @ApiNotFoundResponse(NOT_FOUND)
  async find(@Param('name') name: string): Promise<FlowPresetDocumentDto> {
    const preset = await this.queries.execute(new FindPreset(name));
    return { ...preset, flow: showDocument(preset.flow) };
  }

  @Post(':name/import')
  @HttpCode(200)
  @RequiresScope('flows:write')
  @ApiOperation({ summary: 'Take one over; it is yours to change from then on' })
  @ApiOkResponse({ type: ImportResultOfFlowDto })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiConflictResponse({ description: '`FLOW_CHANGED`: the flow has another `version` than `If-Match` says' })
  async import(
    @Param('name') name: string,
    @Query() { mode, dryRun }: ImportFlowQuery,
    @SeenVersion() version: number | undefined,
  ): Promise<ImportResult> {
    const { flow } = await this.queries.execute(new FindPreset(name));
    if (dryRun) return this.queries.execute(new PreviewImport(flow, mode, version));
    return this.commands.execute(new ImportFlow(flow, mode, version));
  }
}
