import { DomainEvent } from '../../../kernel/domain-event.js';
import type { CalendarDate } from '../../../kernel/local-time.js';
import type { PromiseAnswer } from './answers/answer.js';

interface AboutPromise extends Readonly<Record<string, unknown>> {
  readonly commitmentId: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly answer: PromiseAnswer;
  readonly amountMinor: number;
  readonly currency: string;
  readonly promisedFor: CalendarDate;
}

abstract class PromiseEvent<Payload extends AboutPromise = AboutPromise> extends DomainEvent {
  readonly aggregateId: string;
  constructor(readonly payload: Payload) {
    super();
    this.aggregateId = payload.customerId;
  }
}

/** A customer promised to pay (D3). */
export class PromiseMade extends PromiseEvent {
  readonly type = 'reminders.promise-made';
}

/** The customer says that they have paid: somebody of the merchant's must look (S0.70). */
export class PaymentClaimed extends PromiseEvent {
  readonly type = 'reminders.payment-claimed';
}

export class PromiseKept extends PromiseEvent {
  readonly type = 'reminders.promise-kept';
}

/** Nothing was paid in time, or not all of it (`part_kept`). */
export class PromiseBroken extends PromiseEvent<
  AboutPromise & { readonly state: 'broken' | 'part_kept'; readonly paidMinor: number }
> {
  readonly type = 'reminders.promise-broken';
}

export class PromiseWithdrawn extends PromiseEvent {
  readonly type = 'reminders.promise-withdrawn';
}
