import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExportCustomersHandler, ExportPages } from './application/imports/export-customers.js';
import { ImportCustomersHandler } from './application/imports/import-customers.js';
import { ImportRecords } from './application/imports/import-records.js';
import { RowBatch } from './application/imports/row-batch.js';
import { DuePlans } from './application/ledger/due-plans.js';
import { Contacts } from './application/people/contacts.js';
import { ImportsController } from './infrastructure/imports/imports.controller.js';
import { SqlExportPages } from './infrastructure/imports/sql-export-pages.js';
import { SqlImportRecords } from './infrastructure/imports/sql-import-records.js';
import { SqlContacts } from './infrastructure/people/sql-contacts.js';

/** Customers and dues from and to CSV files. */
@Module({
  imports: [DiscoveryModule],
  controllers: [ImportsController],
  providers: [
    ExportCustomersHandler,
    ImportCustomersHandler,
    RowBatch,
    DuePlans,
    { provide: Contacts, useClass: SqlContacts },
    { provide: ExportPages, useClass: SqlExportPages },
    { provide: ImportRecords, useClass: SqlImportRecords },
  ],
})
export class ImportsModule {}
