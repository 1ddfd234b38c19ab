import { DomainEvent } from '../../../kernel/domain-event.js';

/** Customers may be contacted at other times from now on. */
export class ContactPolicyChanged extends DomainEvent {
  readonly type = 'customers.contact-policy-changed';
  readonly payload: { readonly version: number };
  constructor(
    /** The tenant: it has one policy. */
    readonly aggregateId: string,
    version: number,
  ) {
    super();
    this.payload = { version };
  }
}
