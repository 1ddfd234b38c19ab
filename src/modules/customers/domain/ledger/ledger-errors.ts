import { DomainError } from '../../../../kernel/domain-error.js';

export class CustomerNotFound extends DomainError {
  readonly code = 'CUSTOMER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such customer.');
  }
}

export class DueNotFound extends DomainError {
  readonly code = 'DUE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such due.');
  }
}

export class PaymentNotFound extends DomainError {
  readonly code = 'PAYMENT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such payment.');
  }
}

export class CustomerExists extends DomainError {
  readonly code = 'CUSTOMER_EXISTS';
  readonly kind = 'conflict';
  override readonly extensions: { customerId: string };
  constructor(customerId: string) {
    super('There is a customer with this phone number already.');
    this.extensions = { customerId };
  }
}

export class CustomerReferenceUsed extends DomainError {
  readonly code = 'CUSTOMER_REFERENCE_USED';
  readonly kind = 'conflict';
  override readonly extensions: { customerId: string };
  constructor(customerId: string) {
    super('Another customer has this reference.');
    this.extensions = { customerId };
  }
}

export class CustomerOwes extends DomainError {
  readonly code = 'CUSTOMER_OWES';
  readonly kind = 'conflict';
  constructor() {
    super('Dues of this customer are open: settle or write them off first.');
  }
}

export class CustomerArchived extends DomainError {
  readonly code = 'CUSTOMER_ARCHIVED';
  readonly kind = 'conflict';
  constructor() {
    super('This customer is archived: add the phone number again to keep books on them.');
  }
}

export class AmountNotPositive extends DomainError {
  readonly code = 'AMOUNT_NOT_POSITIVE';
  readonly kind = 'meaning';
  constructor() {
    super('An amount of money that is owed, paid or forgiven is more than nothing.');
  }
}

export class DueDateRequired extends DomainError {
  readonly code = 'DUE_DATE_REQUIRED';
  readonly kind = 'meaning';
  constructor() {
    super('Give a dueDate: the payment term of this due does not say how many days it takes.');
  }
}

export class DueReferenceUsed extends DomainError {
  readonly code = 'DUE_REFERENCE_USED';
  readonly kind = 'conflict';
  override readonly extensions: { dueId: string };
  constructor(dueId: string) {
    super('This customer has a due with this reference already.');
    this.extensions = { dueId };
  }
}

export class PaymentReferenceUsed extends DomainError {
  readonly code = 'PAYMENT_REFERENCE_USED';
  readonly kind = 'conflict';
  override readonly extensions: { paymentId: string };
  constructor(paymentId: string) {
    super('A payment of this customer with this reference is recorded already.');
    this.extensions = { paymentId };
  }
}

export class PaymentInFuture extends DomainError {
  readonly code = 'PAYMENT_IN_FUTURE';
  readonly kind = 'meaning';
  constructor() {
    super('A payment cannot have come in later than now.');
  }
}

export class DueSettledAlready extends DomainError {
  readonly code = 'DUE_SETTLED';
  readonly kind = 'conflict';
  constructor() {
    super('Nothing is left to be paid of this due.');
  }
}

export class AmountBelowPaid extends DomainError {
  readonly code = 'AMOUNT_BELOW_PAID';
  readonly kind = 'meaning';
  constructor() {
    super('More than this was paid or written off already.');
  }
}

export class WriteOffExceedsOutstanding extends DomainError {
  readonly code = 'WRITE_OFF_EXCEEDS_OUTSTANDING';
  readonly kind = 'meaning';
  constructor() {
    super('Less than this is left to be paid of the due.');
  }
}

export class PaymentReversedAlready extends DomainError {
  readonly code = 'PAYMENT_REVERSED';
  readonly kind = 'conflict';
  constructor() {
    super('This payment was reversed already.');
  }
}

export class PauseNotAhead extends DomainError {
  readonly code = 'PAUSE_NOT_AHEAD';
  readonly kind = 'meaning';
  constructor() {
    super('A pause ends later than now and within a year.');
  }
}
