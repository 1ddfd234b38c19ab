import {
  Controller,
  Get,
  HttpCode,
  Post,
  Query,
  Req,
  StreamableFile,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { CurrentPrincipal, Forbidden, type Principal, RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { IgnoresIdempotencyKey } from '../../../../platform/http/idempotency.js';
import { TakesStream } from '../../../../platform/http/streamed-bodies.js';
import { ExportCustomers } from '../../application/imports/export-customers.js';
import { ImportCustomers } from '../../application/imports/import-customers.js';
import type { ImportCounts } from '../../application/imports/import-file.js';
import { COLUMNS } from '../../domain/imports/columns.js';
import { csvOf } from './csv-export.js';
import { CsvFile } from './csv-file.js';
import { ImportQuery, ImportResultDto } from './imports.dto.js';
import { ResultSpool } from './result-spool.js';

@ApiTags('Customers')
@Controller('v1/customers')
export class ImportsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post('import')
  @HttpCode(200)
  @RequiresScope('ledger:write')
  @IgnoresIdempotencyKey()
  @TakesStream('text/csv')
  @ApiOperation({
    summary: 'Import customers and dues from CSV',
    description: `Needs \`customers:write\` too. The first line names the columns, in any order: ${COLUMNS.join(', ')}; separated by comma, semicolon or tab. A customer is who has the row's customer_id, else its reference, else its phone; empty values change nothing. Amounts are in major units (\`1,23,456.50\`), dates \`YYYY-MM-DD\`, \`DD/MM/YYYY\` or \`DD-MM-YYYY\`. A row with an amount adds a due once, named by its due_reference or else by what it says, so that the same file again changes nothing. A row that is refused spoils only itself. Rows are written some hundred at a time: where the connection breaks, send the file again. An Idempotency-Key is ignored.`,
  })
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: { type: 'string', examples: ['name,phone,amount,due_date\nAsha Rao,+919876543210,5000,2026-11-30\n'] },
  })
  @ApiOkResponse({ type: ImportResultDto })
  async import(
    @Query() { dryRun, results }: ImportQuery,
    @CurrentPrincipal() { scopes }: Principal,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    if (!scopes.has('customers:write')) throw Forbidden.scope('customers:write');
    const { body } = request;
    if (!(body instanceof Readable)) throw new UnsupportedMediaTypeException('Send text/csv.');
    const spool = new ResultSpool();
    try {
      // A stream that is left early would take the connection, and with it the answer, along.
      const file = await CsvFile.open(body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
      const counts = await this.commands.execute(
        new ImportCustomers(file.rows(), dryRun ? 'preview' : 'write', async (result) => {
          if (results === 'all' || result.outcome === 'refused') await spool.add(result);
        }),
      );
      return new StreamableFile(Readable.from(answer(dryRun, counts, file.ignoredColumns, spool)), {
        type: 'application/json; charset=utf-8',
      });
    } catch (error) {
      await spool.close();
      throw error;
    } finally {
      body.resume();
    }
  }

  @Get('export')
  @RequiresScope('ledger:read')
  @ApiOperation({
    summary: 'Export customers and open dues as CSV',
    description:
      'Needs `customers:read` too. One row for each open due, and one for each customer who owes nothing, as the import reads them. Values that a spreadsheet would take for formulas begin with an apostrophe.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(@CurrentPrincipal() { scopes }: Principal): Promise<StreamableFile> {
    if (!scopes.has('customers:read')) throw Forbidden.scope('customers:read');
    return new StreamableFile(Readable.from(csvOf(await this.queries.execute(new ExportCustomers()))), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="customers.csv"',
    });
  }
}

/** The answer as JSON, without ever holding it as a whole. */
async function* answer(
  dryRun: boolean,
  counts: ImportCounts,
  ignoredColumns: readonly string[],
  spool: ResultSpool,
): AsyncGenerator<string | Buffer, void, void> {
  yield `${JSON.stringify({ dryRun, ...counts, ignoredColumns }).slice(0, -1)},"results":[`;
  yield* spool.read();
  yield ']}';
}
