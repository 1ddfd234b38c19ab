/** How somebody came to say that they may be written to, or may not: the customer, somebody of the merchant's, or WhatsApp. */
export type ConsentSource = 'message' | 'user' | 'api-key' | 'platform' | 'provider';

/** One line of the evidence; never changed, never deleted. */
export interface ConsentStatement {
  readonly kind: 'opted_out' | 'opted_in';
  readonly source: ConsentSource;
  /** The message that said so, and its words. */
  readonly wamid: string | undefined;
  readonly said: string | undefined;
  /** Who of the merchant's recorded it. */
  readonly actorId: string | undefined;
  /** When it was said. */
  readonly at: Date;
}

/** What a customer said, in their own message or to somebody. */
export interface SaidConsent {
  readonly customerId: string;
  /** Of a customer's message; left out: whoever makes the request recorded it. */
  readonly message?: { readonly wamid: string; readonly said: string; readonly at: Date } | undefined;
}

/** What customers allow. Whoever writes has locked the customer's books. */
export abstract class Consents {
  /**
   * Writes the statement down, unless its message is in the evidence already. What holds is what was said last: a statement that comes
   * late is kept as evidence and changes nothing. @returns whether what holds is another now
   */
  abstract record(customerId: string, statement: ConsentStatement): Promise<boolean>;
}
