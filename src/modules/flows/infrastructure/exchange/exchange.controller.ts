import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { SeenVersion } from '../../../../platform/http/if-match.js';
import { ExportFlow } from '../../application/exchange/export-flow.js';
import { ImportFlow, type ImportResult } from '../../application/exchange/import-flow.js';
import { PreviewImport } from '../../application/exchange/preview-import.js';
import { ImportFlowQuery, ImportResultOfFlowDto } from './exchange.dto.js';
import { FlowDocumentDto, readDocument, showDocument } from './flow-document.dto.js';
import { TakesWholeFlow } from './takes-whole-flow.js';

@ApiTags('Flows')
@Controller('v1/flows')
export class ExchangeController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('export')
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'The whole flow as one document', description: 'It can be imported here or elsewhere.' })
  @ApiOkResponse({ type: FlowDocumentDto })
  async export(): Promise<FlowDocumentDto> {
    return showDocument(await this.queries.execute(new ExportFlow()));
  }

  @Post('import')
  @HttpCode(200)
  @RequiresScope('flows:write')
  @TakesWholeFlow()
  @ApiOperation({ summary: 'Import a whole flow', description: 'All of it or, where something cannot work, nothing.' })
  @ApiOkResponse({ type: ImportResultOfFlowDto })
  @ApiConflictResponse({ description: '`FLOW_CHANGED`: the flow has another `version` than `If-Match` says' })
  @ApiUnprocessableEntityResponse({
    description: '`FLOW_REFUSED`: `errors` says what cannot work; `REGEX_REFUSED`: the first such pattern',
  })
  import(
    @Query() { mode, dryRun }: ImportFlowQuery,
    @Body() body: FlowDocumentDto,
    @SeenVersion() version: number | undefined,
  ): Promise<ImportResult> {
    const document = readDocument(body);
    if (dryRun) return this.queries.execute(new PreviewImport(document, mode, version));
    return this.commands.execute(new ImportFlow(document, mode, version));
  }
}
