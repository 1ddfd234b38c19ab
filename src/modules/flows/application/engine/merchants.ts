export interface Merchant {
  readonly name: string;
  /** BCP 47 */
  readonly locale: string;
  /** IANA zone. */
  readonly timezone: string;
  /** ISO 4217, of books that are new. */
  readonly currency: string;
}

/** The merchant whose flow it is. */
export abstract class Merchants {
  abstract current(): Promise<Merchant>;
}
