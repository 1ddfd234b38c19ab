import { DomainError } from '../../../kernel/domain-error.js';

/** Why a message was not sent: the customer has stopped the number's marketing (F7). */
export const MARKETING_STOPPED = 'MARKETING_STOPPED';

export class MarketingStopped extends DomainError {
  readonly code = MARKETING_STOPPED;
  readonly kind = 'meaning';
  constructor(template: string) {
    super(`Template ${template} is marketing, and the customer has stopped marketing messages from this number.`);
  }
}
