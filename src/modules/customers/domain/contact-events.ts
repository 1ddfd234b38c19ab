import { DomainEvent } from '../../../kernel/domain-event.js';
import type { Identity } from './identity.js';

/** Two contacts turned out to be one person. Names what moved, so that a person can undo it. */
export class ContactsMerged extends DomainEvent {
  readonly type = 'customers.contacts-merged';
  readonly payload: {
    readonly survivorId: string;
    readonly absorbedId: string;
    readonly identities: readonly Identity[];
  };
  constructor(
    readonly aggregateId: string,
    absorbedId: string,
    identities: readonly Identity[],
  ) {
    super();
    this.payload = { survivorId: aggregateId, absorbedId, identities };
  }
}

/** An identity of one contact now names another: a number or a username has a new owner, who has nothing to do with the old one's dues. */
export class IdentityReassigned extends DomainEvent {
  readonly type = 'customers.identity-reassigned';
  readonly payload: { readonly fromContactId: string; readonly toContactId: string; readonly identity: Identity };
  constructor(
    readonly aggregateId: string,
    toContactId: string,
    identity: Identity,
  ) {
    super();
    this.payload = { fromContactId: aggregateId, toContactId, identity };
  }
}
