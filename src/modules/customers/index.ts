/** The public face of customers: what other modules may use; nothing else is importable. */
export { CustomersModule } from './customers.module.js';
export { RecordNumberChange, ResolveContact, type SeenPerson } from './application/people/resolve-contact.js';
export type { ResolvedContact } from './application/people/identity-claims.js';
export { ContactOfPhone } from './application/people/contact-of-phone.js';
export { NoteContactName } from './application/people/note-contact-name.js';
export { NameContact } from './application/people/name-contact.js';
export { readDate } from './domain/imports/written-date.js';
export { guarded } from './domain/imports/formula-guard.js';
export { type ContactView, FindContact } from './application/people/find-contact.js';
export { LanguageOf } from './application/people/language-of.js';
export { AddCustomer, type CustomerToAdd } from './application/people/add-customer.js';
export { ChangeCustomer, type CustomerChanges } from './application/people/change-customer.js';
export { ArchiveCustomer } from './application/people/archive-customer.js';
export { KeepBooksOn } from './application/people/keep-books-on.js';
export { FindCustomer } from './application/people/find-customer.js';
export type { CustomerView } from './application/people/customer-view.js';
export { AddDue, type AddedDue, type DueToAdd } from './application/ledger/add-due.js';
export { AddDues, type DatedDue, type DueTaken } from './application/ledger/add-dues.js';
export { ChangeDue } from './application/ledger/change-due.js';
export { PauseDue } from './application/ledger/pause-due.js';
export { ResumeDue } from './application/ledger/resume-due.js';
export { WriteOffDue } from './application/ledger/write-off-due.js';
export { NoteAnswer, type AnswerToNote } from './application/ledger/note-answer.js';
export { RecordPayment, type PaymentToRecord, type PaymentView } from './application/ledger/record-payment.js';
export { ReversePayment, type ReversedPaymentView } from './application/ledger/reverse-payment.js';
export { LockBooks } from './application/ledger/lock-books.js';
export { DISCREPANCIES, FindDiscrepancies } from './application/ledger/find-discrepancies.js';
export { FindDue } from './application/ledger/find-due.js';
export { OpenDuesOf } from './application/ledger/open-dues-of.js';
export { CurrentDueOf, type CurrentDueView } from './application/ledger/current-due-of.js';
export type { DueView } from './application/ledger/due-view.js';
export { BooksFollower, FollowsBooks } from './application/ledger/moves-books.js';
export { DuePlanner, type PlannedReminder, PlansDues } from './application/due-planner.js';
export { type DueStatus, outstandingMinor, settledAs, statusOn } from './domain/ledger/due.js';
export { CustomerNotFound, DueNotFound } from './domain/ledger/ledger-errors.js';
export { DEFAULT_TERM, type ReminderTerm } from './domain/terms/payment-term.js';
export {
  CustomerOptedIn,
  CustomerOptedOut,
  DueAdded,
  DueChanged,
  DueSettled,
  PaymentRecorded,
  PaymentReversed,
} from './domain/ledger-events.js';
export { ContactNotFound } from './domain/contact-errors.js';
export { ContactsMerged, IdentityReassigned } from './domain/contact-events.js';
export { canonicalPhone, type Identity, type IdentityKind } from './domain/identity.js';
export { CurrentContactPolicy } from './application/contact-policy/current-contact-policy.js';
export { type ContactPolicy, contactableAt, HOUSE_POLICY, isContactable } from './domain/contact-policy.js';
export { ContactPolicyChanged } from './domain/contact-policy-events.js';
export { StatementPdf } from './application/statements/statement-pdf.js';
export { emptyStatementText } from './domain/statements/empty-statement.js';
export { StatementText } from './application/statements/statement-text.js';
export { OptIn, OptOut } from './application/consent/opt-out.js';
export { allowsContact } from './domain/contact-policy.js';
export { PolicyNeverAllows } from './domain/contact-policy-errors.js';
export { orderedTerm } from './domain/terms/payment-term.js';
export { ReplaceContactPolicyDto } from './infrastructure/contact-policy/contact-policy.dto.js';
export { ChangePaymentTermDto } from './infrastructure/terms/payment-terms.dto.js';
