import { Controller, Get, Param, ParseUUIDPipe, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { ShowStatement } from '../../application/statements/show-statement.js';
import { StatementPdf } from '../../application/statements/statement-pdf.js';
import { StatementText } from '../../application/statements/statement-text.js';
import type { Statement } from '../../domain/statements/statement.js';
import { StatementDto, StatementQuery } from './statements.dto.js';

@ApiTags('Customers')
@Controller('v1/customers')
export class StatementsController {
  constructor(private readonly queries: Queries) {}

  @Get(':id/statement')
  @RequiresScope('ledger:read')
  @ApiOperation({
    summary: "A customer's statement",
    description:
      'What was owed before the period, its lines with a running balance, what is owed now, and the open dues. `text` is one WhatsApp message of at most 4096 characters, `pdf` an A4 document; both speak the language of the customer (English or Hindi).',
  })
  @ApiExtraModels(StatementDto)
  @ApiOkResponse({
    description: 'The statement.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(StatementDto) } },
      'text/plain': { schema: { type: 'string', maxLength: 4096 } },
      'application/pdf': { schema: { type: 'string', format: 'binary' } },
    },
  })
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { format, from, to }: StatementQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Statement | string | StreamableFile> {
    const period = { from: from ?? null, to: to ?? null };
    switch (format) {
      case 'json':
        return this.queries.execute(new ShowStatement(id, period));
      case 'text':
        void reply.type('text/plain; charset=utf-8');
        return this.queries.execute(new StatementText(id, period));
      case 'pdf':
        return new StreamableFile(await this.queries.execute(new StatementPdf(id, period)), {
          type: 'application/pdf',
          disposition: `attachment; filename="statement-${id}.pdf"`,
        });
    }
  }
}
