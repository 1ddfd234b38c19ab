import type { RecordedPayment } from '../../domain/ledger/account-state.js';
import type { CustomerAccount } from '../../domain/ledger/customer-account.js';

/** The books. Whoever changes them, or anything that may forbid a reminder, locks the customer's row first (D2). */
export abstract class CustomerAccounts {
  /** Locks the row alone. @returns the id of the customer whose books they are @throws CustomerNotFound */
  abstract lock(customerId: string): Promise<string>;
  /**
   * Locks a customer's books until the transaction ends; those of a contact that was absorbed are its survivor's.
   * @param dueIds dues that are needed though they may be settled @throws CustomerNotFound
   */
  abstract getForUpdate(customerId: string, dueIds?: readonly string[]): Promise<CustomerAccount>;
  /** The same for many at once, in one order, by the id that was asked for. Who is unknown is missing. */
  abstract getManyForUpdate(
    customerIds: readonly string[],
    dueIds?: readonly string[],
  ): Promise<ReadonlyMap<string, CustomerAccount>>;
  /** @throws DueNotFound */
  abstract customerOfDue(dueId: string): Promise<string>;
  /** @throws PaymentNotFound */
  abstract customerOfPayment(paymentId: string): Promise<string>;
  /** @throws PaymentNotFound */
  abstract payment(paymentId: string): Promise<RecordedPayment>;
  /** @returns the id of the customer's payment with this reference */
  abstract paymentReferredTo(customerId: string, reference: string): Promise<string | undefined>;
  /** Dues that have one of these references already: due id by customer id and reference. */
  abstract duesReferredTo(
    wanted: readonly { readonly customerId: string; readonly reference: string }[],
  ): Promise<readonly { readonly customerId: string; readonly reference: string; readonly dueId: string }[]>;
  /** Writes what the accounts did: lines, dues, allocations, balances, events. */
  abstract save(accounts: readonly CustomerAccount[]): Promise<void>;
}
