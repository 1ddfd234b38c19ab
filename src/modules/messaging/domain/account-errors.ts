import { DomainError } from '../../../kernel/domain-error.js';

/** Also what another tenant's number is answered with. */
export class PhoneNumberNotFound extends DomainError {
  readonly code = 'PHONE_NUMBER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such phone number.');
  }
}

export class AccountNotFound extends DomainError {
  readonly code = 'WHATSAPP_ACCOUNT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('No such WhatsApp account is connected.');
  }
}

/** The account or one of its numbers belongs to somebody else here; whose is nobody's business. */
export class PhoneNumberTaken extends DomainError {
  readonly code = 'PHONE_NUMBER_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('This WhatsApp account or phone number is connected elsewhere. It has to be disconnected there first.');
  }
}

export class AccountAmbiguous extends DomainError {
  readonly code = 'WHATSAPP_ACCOUNT_AMBIGUOUS';
  readonly kind = 'conflict';
  constructor() {
    super('Several WhatsApp accounts are connected: name one by ?wabaId=.');
  }
}

/** The provider knows the number and the account, but they do not belong together, or the signup did not share them. */
export class NotInAccount extends DomainError {
  readonly code = 'PHONE_NUMBER_NOT_IN_ACCOUNT';
  readonly kind = 'meaning';
  constructor(what: 'number' | 'account') {
    super(
      what === 'number'
        ? 'The phone number does not belong to this WhatsApp account.'
        : 'The signup did not share this WhatsApp account.',
    );
  }
}

/** The account has no number that could be connected. */
export class NoPhoneNumber extends DomainError {
  readonly code = 'NO_PHONE_NUMBER';
  readonly kind = 'meaning';
  constructor() {
    super('The WhatsApp account has no phone number. Add one in the WhatsApp Manager, then connect again.');
  }
}

/** Why the provider refused (C60): its code, and its words. */
export class ProviderRefused extends DomainError {
  readonly code = 'PROVIDER_REFUSED';
  readonly kind = 'provider';
  override readonly extensions: { readonly providerCode: number | string };
  constructor(providerCode: number | string, reason: string) {
    super(`WhatsApp refused: ${reason}`);
    this.extensions = { providerCode };
  }
}

/** Nothing was saved; the same request may succeed later. */
export class ProviderUnreachable extends DomainError {
  readonly code = 'PROVIDER_UNREACHABLE';
  readonly kind = 'unavailable';
  readonly retryAfterMs = 5_000;
  override readonly extensions: { readonly providerCode: number | string };
  constructor(providerCode: number | string) {
    super('WhatsApp could not be reached, or gave no readable answer. Nothing was saved; try again.');
    this.extensions = { providerCode };
  }
}

/** The area is none of the tenant's. */
export class AreaNotFound extends DomainError {
  readonly code = 'AREA_NOT_FOUND';
  readonly kind = 'meaning';
  constructor() {
    super('There is no such area.');
  }
}
