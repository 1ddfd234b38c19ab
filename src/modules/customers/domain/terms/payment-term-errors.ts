import { DomainError } from '../../../../kernel/domain-error.js';

export class PaymentTermNotFound extends DomainError {
  readonly code = 'PAYMENT_TERM_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such payment term.');
  }
}

export class PaymentTermNameTaken extends DomainError {
  readonly code = 'PAYMENT_TERM_NAME_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('There is a payment term of this name already.');
  }
}

/** Something names a term that the merchant does not have, or has archived. */
export class UnknownPaymentTerm extends DomainError {
  readonly code = 'UNKNOWN_PAYMENT_TERM';
  readonly kind = 'meaning';
  constructor() {
    super('paymentTermId must be one of your payment terms that is not archived.');
  }
}
