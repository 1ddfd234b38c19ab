import { DomainError } from '../../../kernel/domain-error.js';

export class WebhookEndpointNotFound extends DomainError {
  readonly code = 'WEBHOOK_ENDPOINT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such webhook endpoint.');
  }
}

export class WebhookDeliveryNotFound extends DomainError {
  readonly code = 'WEBHOOK_DELIVERY_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('This endpoint has no such delivery.');
  }
}

export class WebhookUrlRefused extends DomainError {
  readonly code = 'WEBHOOK_URL_REFUSED';
  readonly kind = 'meaning';
  constructor() {
    super('A receiver has an https URL in the public internet, on the usual port and without credentials in it.');
  }
}

export class TooManyWebhookEndpoints extends DomainError {
  readonly code = 'TOO_MANY_WEBHOOK_ENDPOINTS';
  readonly kind = 'conflict';
  constructor(most: number) {
    super(`There are ${most} webhook endpoints already: remove one first.`);
  }
}

export class UnclearReplay extends DomainError {
  readonly code = 'UNCLEAR_REPLAY';
  readonly kind = 'meaning';
  constructor() {
    super('Say what is to be told again by exactly one of `since`, `ids` and `state`; `until` goes with `since`.');
  }
}
