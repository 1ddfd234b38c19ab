import { Module } from '@nestjs/common';
import { Contacts } from './application/contacts.js';
import { FindContactHandler } from './application/find-contact.js';
import { RecordNumberChangeHandler, ResolveContactHandler } from './application/resolve-contact.js';
import { ConsentModule } from './consent.module.js';
import { ContactPolicyModule } from './contact-policy.module.js';
import { ImportsModule } from './imports.module.js';
import { StatementsModule } from './statements.module.js';
import { SqlContacts } from './infrastructure/sql-contacts.js';

/** The people on the other side of the merchant's numbers, and their books. */
@Module({
  imports: [StatementsModule, ImportsModule, ConsentModule, ContactPolicyModule],
  providers: [
    ResolveContactHandler,
    RecordNumberChangeHandler,
    FindContactHandler,
    { provide: Contacts, useClass: SqlContacts },
  ],
})
export class CustomersModule {}
