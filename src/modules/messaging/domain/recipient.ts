/** How a customer is reached: by the digits of a phone number, or by a business-scoped user id when the number is hidden (F1). */
export interface Recipient {
  readonly kind: 'phone' | 'bsuid';
  /** E.164 digits without the plus, or the id as Meta gave it. */
  readonly value: string;
}
