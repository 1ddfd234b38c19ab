import { DomainEvent } from '../../../../kernel/domain-event.js';

/** Of which dues the plans no longer fit. */
export type OutdatedPlans =
  /** Those with this term; `orNone`: and those with none, because it is or was the default. */
  | { readonly of: 'payment-term'; readonly paymentTermId: string; readonly orNone: boolean }
  /** Those of customers who live by the merchant's clock. */
  | { readonly of: 'merchant' };

/** Open dues are to be planned anew, some hundred at a time. */
export class PlansOutdated extends DomainEvent {
  readonly type = 'customers.plans-outdated';
  readonly payload: OutdatedPlans & { readonly afterDueId: string | null };
  constructor(
    /** The payment term or the merchant. */
    readonly aggregateId: string,
    which: OutdatedPlans,
    /** The last due that was planned anew already. */
    afterDueId: string | null,
  ) {
    super();
    this.payload = { ...which, afterDueId };
  }
}
