import { Module } from '@nestjs/common';
import { Contacts } from './application/contacts.js';
import { FindContactHandler } from './application/find-contact.js';
import { RecordNumberChangeHandler, ResolveContactHandler } from './application/resolve-contact.js';
import { SqlContacts } from './infrastructure/sql-contacts.js';

/** The people on the other side of the merchant's numbers. */
@Module({
  providers: [
    ResolveContactHandler,
    RecordNumberChangeHandler,
    FindContactHandler,
    { provide: Contacts, useClass: SqlContacts },
  ],
})
export class CustomersModule {}
