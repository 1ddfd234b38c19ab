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
import { ExportFlow } from '../../application/exchange/export-flow.js';
import { ImportFlow, type ImportResult } from '../../application/exchange/import-flow.js';
import { PreviewImport } from '../../application/exchange/preview-import.js';
import { ImportFlowQuery, ImportResultOfFlowDto } from './exchange.dto.js';
import { FlowDocumentDto, readDocument, showDocument } from './flow-document.dto.js';

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
  @ApiOperation({ summary: 'Import a whole flow', description: 'All of it or, where something cannot work, nothing.' })
  @ApiOkResponse({ type: ImportResultOfFlowDto })
  @ApiConflictResponse({ description: '`STEP_IN_USE`' })
  @ApiUnprocessableEntityResponse({
    description: '`FLOW_REFUSED`: `errors` says what cannot work; `REGEX_REFUSED`: the first such pattern',
  })
  import(@Query() { mode, dryRun }: ImportFlowQuery, @Body() body: FlowDocumentDto): Promise<ImportResult> {
    const document = readDocument(body);
    if (dryRun) return this.queries.execute(new PreviewImport(document, mode));
    return this.commands.execute(new ImportFlow(document, mode));
  }
}
