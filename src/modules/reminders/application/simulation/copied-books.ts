import type { SimulatedBooks } from '../../domain/simulation/books.js';

/** The books of a merchant at one moment, and what of the merchant's settings stands beside them. */
export interface CopiedBooks extends SimulatedBooks {
  readonly companyName: string;
  /** C58 */
  readonly laterAnswerReplaces: boolean;
}

/** Copies books, to try things out with. */
export abstract class BooksCopier {
  /**
   * One snapshot, in the open transaction.
   * @param customerIds of whom; undefined: of all
   * @throws TooManyDues when more than `limit` are open
   */
  abstract copy(customerIds: readonly string[] | undefined, limit: number): Promise<CopiedBooks>;
}
