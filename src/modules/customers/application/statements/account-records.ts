import type { Account, OpenDue, Period, StatementHead } from '../../domain/statements/statement.js';

export interface AccountRecord {
  readonly merchant: string;
  readonly customer: StatementHead['customer'];
  /** BCP 47, of the customer or else of the merchant. */
  readonly locale: string;
  /** The customer's calendar day. */
  readonly asOf: StatementHead['asOf'];
  readonly account: Account;
  /** Oldest due date first. */
  readonly openDues: readonly OpenDue[];
}

/** What the books hold of one customer. */
export abstract class AccountRecords {
  /**
   * The account at one moment; a contact that was absorbed answers with the customer that it became.
   * @param newest how many entries of the period are told; the others are summed up @throws CustomerNotFound
   */
  abstract read(customerId: string, period: Period, newest: number): Promise<AccountRecord>;
}
