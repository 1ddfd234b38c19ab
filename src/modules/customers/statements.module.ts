import { Module } from '@nestjs/common';
import { AccountRecords } from './application/statements/account-records.js';
import { ShowStatementHandler } from './application/statements/show-statement.js';
import { StatementPdfHandler } from './application/statements/statement-pdf.js';
import { StatementPrinter } from './application/statements/statement-printer.js';
import { StatementTextHandler } from './application/statements/statement-text.js';
import { PdfStatementPrinter } from './infrastructure/statements/pdf-statement-printer.js';
import { SqlAccountRecords } from './infrastructure/statements/sql-account-records.js';
import { StatementsController } from './infrastructure/statements/statements.controller.js';

/** What a customer owes, line by line. */
@Module({
  controllers: [StatementsController],
  providers: [
    ShowStatementHandler,
    StatementTextHandler,
    StatementPdfHandler,
    { provide: AccountRecords, useClass: SqlAccountRecords },
    { provide: StatementPrinter, useClass: PdfStatementPrinter },
  ],
})
export class StatementsModule {}
