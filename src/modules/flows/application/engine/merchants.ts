export interface Merchant {
  readonly name: string;
  /** BCP 47 */
  readonly locale: string;
  /** IANA zone. */
  readonly timezone: string;
}

/** The merchant whose flow it is. */
export abstract class Merchants {
  abstract current(): Promise<Merchant>;
}
