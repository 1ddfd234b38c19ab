import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AddDueHandler } from './application/ledger/add-due.js';
import { AddDuesHandler } from './application/ledger/add-dues.js';
import { ChangeDueHandler } from './application/ledger/change-due.js';
import { CurrentDueOfHandler } from './application/ledger/current-due-of.js';
import { CustomerAccounts } from './application/ledger/customer-accounts.js';
import { DueNotes } from './application/ledger/due-notes.js';
import { DuePlans } from './application/ledger/due-plans.js';
import { FindDiscrepanciesHandler } from './application/ledger/find-discrepancies.js';
import { FindDueHandler } from './application/ledger/find-due.js';
import { ListDuesHandler } from './application/ledger/list-dues.js';
import { LockBooksHandler } from './application/ledger/lock-books.js';
import { BooksFollowers, MovesBooks } from './application/ledger/moves-books.js';
import { NoteAnswerHandler } from './application/ledger/note-answer.js';
import { OpenDuesOfHandler } from './application/ledger/open-dues-of.js';
import { PauseDueHandler } from './application/ledger/pause-due.js';
import { RecordPaymentHandler } from './application/ledger/record-payment.js';
import { ResumeDueHandler } from './application/ledger/resume-due.js';
import { ReversePaymentHandler } from './application/ledger/reverse-payment.js';
import { WriteOffDueHandler } from './application/ledger/write-off-due.js';
import { AddCustomerHandler } from './application/people/add-customer.js';
import { ArchiveCustomerHandler } from './application/people/archive-customer.js';
import { ChangeCustomerHandler } from './application/people/change-customer.js';
import { ContactOfPhoneHandler } from './application/people/contact-of-phone.js';
import { Contacts } from './application/people/contacts.js';
import { Customers } from './application/people/customers.js';
import { FindContactHandler } from './application/people/find-contact.js';
import { FindCustomerHandler } from './application/people/find-customer.js';
import { IdentityClaims } from './application/people/identity-claims.js';
import { KeepBooksOnHandler } from './application/people/keep-books-on.js';
import { LanguageOfHandler } from './application/people/language-of.js';
import { ListCustomersHandler } from './application/people/list-customers.js';
import { NoteContactNameHandler } from './application/people/note-contact-name.js';
import { NameContactHandler } from './application/people/name-contact.js';
import { PhoneHandover } from './application/people/phone-handover.js';
import { RecordNumberChangeHandler, ResolveContactHandler } from './application/people/resolve-contact.js';
import { ArchivePaymentTermHandler } from './application/terms/archive-payment-term.js';
import { ChangePaymentTermHandler } from './application/terms/change-payment-term.js';
import { CreatePaymentTermHandler } from './application/terms/create-payment-term.js';
import { FindPaymentTermHandler } from './application/terms/find-payment-term.js';
import { ListPaymentTermsHandler } from './application/terms/list-payment-terms.js';
import { PaymentTerms } from './application/terms/payment-terms.js';
import { ReplanOutdatedDues } from './application/terms/replan-outdated-dues.js';
import { ReplanWhenMerchantMoves } from './application/terms/replan-when-merchant-moves.js';
import { ConsentModule } from './consent.module.js';
import { ContactPolicyModule } from './contact-policy.module.js';
import { ImportsModule } from './imports.module.js';
import { AccountWriter } from './infrastructure/ledger/account-writer.js';
import { DuesController } from './infrastructure/ledger/dues.controller.js';
import { PaymentsController } from './infrastructure/ledger/payments.controller.js';
import { SqlCustomerAccounts } from './infrastructure/ledger/sql-customer-accounts.js';
import { SqlDueNotes } from './infrastructure/ledger/sql-due-notes.js';
import { SqlMovesBooks } from './infrastructure/ledger/sql-moves-books.js';
import { CustomersController } from './infrastructure/people/customers.controller.js';
import { SqlContacts } from './infrastructure/people/sql-contacts.js';
import { SqlCustomers } from './infrastructure/people/sql-customers.js';
import { PaymentTermsController } from './infrastructure/terms/payment-terms.controller.js';
import { SqlPaymentTerms } from './infrastructure/terms/sql-payment-terms.js';
import { StatementsModule } from './statements.module.js';

/** The people on the other side of the merchant's numbers, and their books. */
@Module({
  imports: [DiscoveryModule, StatementsModule, ImportsModule, ConsentModule, ContactPolicyModule],
  controllers: [CustomersController, DuesController, PaymentsController, PaymentTermsController],
  providers: [
    AddCustomerHandler,
    ArchiveCustomerHandler,
    ChangeCustomerHandler,
    ContactOfPhoneHandler,
    FindContactHandler,
    NameContactHandler,
    NoteContactNameHandler,
    FindCustomerHandler,
    KeepBooksOnHandler,
    LanguageOfHandler,
    ListCustomersHandler,
    RecordNumberChangeHandler,
    ResolveContactHandler,
    IdentityClaims,
    PhoneHandover,
    { provide: Contacts, useClass: SqlContacts },
    { provide: Customers, useClass: SqlCustomers },

    AddDueHandler,
    AddDuesHandler,
    ChangeDueHandler,
    CurrentDueOfHandler,
    FindDiscrepanciesHandler,
    FindDueHandler,
    ListDuesHandler,
    LockBooksHandler,
    NoteAnswerHandler,
    OpenDuesOfHandler,
    PauseDueHandler,
    RecordPaymentHandler,
    ResumeDueHandler,
    ReversePaymentHandler,
    WriteOffDueHandler,
    AccountWriter,
    BooksFollowers,
    DuePlans,
    { provide: CustomerAccounts, useClass: SqlCustomerAccounts },
    { provide: DueNotes, useClass: SqlDueNotes },
    { provide: MovesBooks, useClass: SqlMovesBooks },

    ArchivePaymentTermHandler,
    ChangePaymentTermHandler,
    CreatePaymentTermHandler,
    FindPaymentTermHandler,
    ListPaymentTermsHandler,
    ReplanOutdatedDues,
    ReplanWhenMerchantMoves,
    { provide: PaymentTerms, useClass: SqlPaymentTerms },
  ],
})
export class CustomersModule {}
