/** A customer as an answer to them needs them. */
export interface AnsweringCustomer {
  /** Another one than was asked for, when theirs was absorbed. */
  readonly id: string;
  /** IANA; their own or the merchant's. */
  readonly zone: string;
  /** BCP 47; their own or the merchant's. */
  readonly locale: string;
  readonly companyName: string;
  readonly optedOut: boolean;
  /** The merchant's rule for a later answer while a promise is open (C58). */
  readonly laterAnswerReplaces: boolean;
}

/** What the books and the merchant's settings say about whom we answer. */
export abstract class AnsweringCustomers {
  /** @returns undefined when no books are kept on them */
  abstract find(contactId: string): Promise<AnsweringCustomer | undefined>;
  /** Whether the due is the customer's, open or not. @param dueId as a tap named it: any text */
  abstract hasDue(customerId: string, dueId: string): Promise<boolean>;
  /** Whether the customer was waited for: reminded of one of these dues within a day before `at`, or about to be, or bound by a promise. */
  abstract wasWaitedFor(dueIds: readonly string[], at: Date): Promise<boolean>;
}
