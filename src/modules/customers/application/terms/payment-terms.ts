import type { PaymentTermView } from './payment-term-view.js';

/** The merchant's payment terms. */
export abstract class PaymentTerms {
  /** Locks the row. @throws PaymentTermNotFound */
  abstract getForUpdate(id: string): Promise<PaymentTermView>;
  /** Adds it, or writes what it is now; one that is the default takes that from the one before. @throws PaymentTermNameTaken */
  abstract save(term: PaymentTermView): Promise<void>;
  /** @throws UnknownPaymentTerm also when it is archived: what uses one keeps it, but nothing begins to */
  abstract mustExist(id: string): Promise<void>;
  /** How many days a due of the customer takes, and by which zone they are counted. @param paymentTermId of the due itself */
  abstract dueTimeOf(
    customerId: string,
    paymentTermId: string | undefined,
  ): Promise<{ readonly dueInDays: number | undefined; readonly zone: string }>;
}
