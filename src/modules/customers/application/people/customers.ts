import type { CustomerView } from './customer-view.js';

/** What the merchant says about a customer; undefined: as before, null: nothing. */
export interface CustomerProfile {
  readonly name?: string | undefined;
  readonly reference?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly timezone?: string | null | undefined;
  readonly paymentTermId?: string | null | undefined;
}

/** The contacts whom the merchant keeps books on. */
export abstract class Customers {
  /**
   * Makes sure that there are books on a contact, in the merchant's currency; idempotent. A contact that was absorbed has its survivor's.
   * @returns whose books they are @throws ContactNotFound
   */
  abstract keepBooksOn(contactId: string): Promise<string>;
  /** @returns whether there are books, and whether they are archived */
  abstract stateOf(contactId: string): Promise<'none' | 'kept' | 'archived'>;
  /** Locks the row. @throws CustomerNotFound */
  abstract getForUpdate(customerId: string): Promise<CustomerView>;
  /** Behind the lock. @throws CustomerReferenceUsed */
  abstract change(customerId: string, profile: CustomerProfile): Promise<void>;
  abstract archive(customerId: string): Promise<void>;
  abstract unarchive(customerId: string): Promise<void>;
  abstract openDueIds(customerId: string): Promise<readonly string[]>;
  /** ISO 3166-1 alpha-2 of the merchant. */
  abstract homeCountry(): Promise<string>;
  /** @throws CustomerNotFound */
  abstract find(customerId: string): Promise<CustomerView>;
}
