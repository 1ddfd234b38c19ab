import { DomainEvent } from '../../../kernel/domain-event.js';

/** A merchant's account and at least one number can send and receive. */
export class AccountConnected extends DomainEvent {
  readonly type = 'messaging.account-connected';
  readonly payload: { readonly wabaId: string; readonly phoneNumberIds: readonly string[] };
  constructor(
    readonly aggregateId: string,
    wabaId: string,
    phoneNumberIds: readonly string[],
  ) {
    super();
    this.payload = { wabaId, phoneNumberIds };
  }
}

/** A new token took the place of the old one; what waited for it may go. */
export class CredentialReplaced extends DomainEvent {
  readonly type = 'messaging.credential-replaced';
  readonly payload: { readonly credentialVersion: number };
  constructor(
    readonly aggregateId: string,
    credentialVersion: number,
  ) {
    super();
    this.payload = { credentialVersion };
  }
}

/** The provider refused the token: nothing can be sent until the merchant connects again. */
export class CredentialRefused extends DomainEvent {
  readonly type = 'messaging.credential-refused';
  readonly payload: { readonly wabaId: string; readonly reason: string };
  constructor(
    readonly aggregateId: string,
    wabaId: string,
    reason: string,
  ) {
    super();
    this.payload = { wabaId, reason };
  }
}

export class AccountDisconnected extends DomainEvent {
  readonly type = 'messaging.account-disconnected';
  readonly payload: { readonly wabaId: string };
  constructor(
    readonly aggregateId: string,
    wabaId: string,
  ) {
    super();
    this.payload = { wabaId };
  }
}

/** The number belongs to another area now, or to none. */
export class PhoneNumberAreaChanged extends DomainEvent {
  readonly type = 'messaging.phone-number-area-changed';
  readonly payload: { readonly phoneNumberId: string; readonly areaId: string | null };
  constructor(
    readonly aggregateId: string,
    phoneNumberId: string,
    areaId: string | null,
  ) {
    super();
    this.payload = { phoneNumberId, areaId };
  }
}

/** The provider restricted the number: it sends nothing until somebody resumes it. */
export class PhoneNumberPaused extends DomainEvent {
  readonly type = 'messaging.phone-number-paused';
  readonly payload: { readonly phoneNumberId: string; readonly reason: string };
  constructor(
    readonly aggregateId: string,
    phoneNumberId: string,
    reason: string,
  ) {
    super();
    this.payload = { phoneNumberId, reason };
  }
}

export class PhoneNumberResumed extends DomainEvent {
  readonly type = 'messaging.phone-number-resumed';
  readonly payload: { readonly phoneNumberId: string };
  constructor(
    readonly aggregateId: string,
    phoneNumberId: string,
  ) {
    super();
    this.payload = { phoneNumberId };
  }
}
