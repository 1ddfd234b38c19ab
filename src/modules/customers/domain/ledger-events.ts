import type { CalendarDate } from '../../../kernel/local-time.js';
import { DomainEvent } from '../../../kernel/domain-event.js';

/** Dues are told of as parts of their customer's books: what happens to them and what is paid is told in one order. */
interface AboutDue extends Readonly<Record<string, unknown>> {
  readonly customerId: string;
  readonly dueId: string;
}

/** The customer owes something by a date (S0.18). */
export class DueAdded extends DomainEvent {
  readonly type = 'customers.due-added';
  readonly payload: AboutDue & {
    readonly amountMinor: number;
    readonly currency: string;
    readonly dueDate: CalendarDate;
  };
  constructor(
    readonly aggregateId: string,
    dueId: string,
    amountMinor: number,
    currency: string,
    dueDate: CalendarDate,
  ) {
    super();
    this.payload = { customerId: aggregateId, dueId, amountMinor, currency, dueDate };
  }
}

/** Amount, date or term of an open due is another. */
export class DueChanged extends DomainEvent {
  readonly type = 'customers.due-changed';
  readonly payload: AboutDue;
  constructor(
    readonly aggregateId: string,
    dueId: string,
  ) {
    super();
    this.payload = { customerId: aggregateId, dueId };
  }
}

/** Money came in. `allocations` say which dues it settled, in part or in full. */
export class PaymentRecorded extends DomainEvent {
  readonly type = 'customers.payment-recorded';
  readonly payload: {
    readonly customerId: string;
    readonly paymentId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly allocations: readonly {
      readonly dueId: string;
      readonly amountMinor: number;
      readonly settles: boolean;
    }[];
  };
  constructor(
    readonly aggregateId: string,
    payment: Omit<PaymentRecorded['payload'], 'customerId'>,
  ) {
    super();
    this.payload = { customerId: aggregateId, ...payment };
  }
}

/** A payment did not happen after all: `dueIds` are owed again, in part or in full. */
export class PaymentReversed extends DomainEvent {
  readonly type = 'customers.payment-reversed';
  readonly payload: {
    readonly customerId: string;
    readonly paymentId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly dueIds: readonly string[];
  };
  constructor(
    readonly aggregateId: string,
    reversal: Omit<PaymentReversed['payload'], 'customerId'>,
  ) {
    super();
    this.payload = { customerId: aggregateId, ...reversal };
  }
}

/** Nothing is left of a due: `how` says whether it was paid or forgiven. */
export class DueSettled extends DomainEvent {
  readonly type = 'customers.due-settled';
  readonly payload: AboutDue & { readonly how: 'PAID' | 'WRITTEN_OFF' };
  constructor(
    readonly aggregateId: string,
    dueId: string,
    how: 'PAID' | 'WRITTEN_OFF',
  ) {
    super();
    this.payload = { customerId: aggregateId, dueId, how };
  }
}

/** The customer said stop: nothing unasked may be sent any more. */
export class CustomerOptedOut extends DomainEvent {
  readonly type = 'customers.customer-opted-out';
  readonly payload: { readonly customerId: string };
  constructor(readonly aggregateId: string) {
    super();
    this.payload = { customerId: aggregateId };
  }
}

export class CustomerOptedIn extends DomainEvent {
  readonly type = 'customers.customer-opted-in';
  readonly payload: { readonly customerId: string };
  constructor(readonly aggregateId: string) {
    super();
    this.payload = { customerId: aggregateId };
  }
}
