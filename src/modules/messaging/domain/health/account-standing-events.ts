import { DomainEvent } from '../../../../kernel/domain-event.js';

/** The provider stopped the account as a whole: none of its numbers may send. */
export class AccountStopped extends DomainEvent {
  readonly type = 'messaging.account-stopped';
  readonly payload: { readonly reason: string };
  constructor(
    readonly aggregateId: string,
    reason: string,
  ) {
    super();
    this.payload = { reason };
  }
}

/** The provider lets a stopped account go on. */
export class AccountReinstated extends DomainEvent {
  readonly type = 'messaging.account-reinstated';
  readonly payload = {};
  constructor(readonly aggregateId: string) {
    super();
  }
}
