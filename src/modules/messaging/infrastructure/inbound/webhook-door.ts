import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Config } from '../../../../platform/config/config.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { InboxUnavailable, webhookAnswers, WebhookInbox } from './webhook-inbox.js';
import { WebhookSignature } from './webhook-signature.js';

export const WEBHOOK_PATH = '/whatsapp/webhook';
/** The largest body that is taken; Meta's own limit is 3 MB. */
export const BODY_LIMIT = 4_000_000 - 1;

export class InvalidSignature extends DomainError {
  readonly code = 'INVALID_SIGNATURE';
  readonly kind = 'unauthenticated';
  constructor() {
    super('Invalid signature');
  }
}

export class WebhookNotStored extends DomainError {
  readonly code = 'DATABASE_UNAVAILABLE';
  readonly kind = 'unavailable';
  readonly retryAfterMs = 1000;
  constructor() {
    super('The webhook could not be stored. Send it again.');
  }
}

/** Lets webhooks in: what Meta signed is stored, anything else is not looked at (S2.7, S2.57-S2.60, C7). */
@Injectable()
export class WebhookDoor {
  readonly #signature: WebhookSignature;
  readonly #refused;

  constructor(
    config: Config,
    private readonly inbox: WebhookInbox,
    metrics: Metrics,
  ) {
    this.#signature = new WebhookSignature([
      config.META_APP_SECRET,
      ...(config.META_APP_SECRET_PREVIOUS ? [config.META_APP_SECRET_PREVIOUS] : []),
    ]);
    this.#refused = webhookAnswers(metrics).labels('refused');
  }

  /** Resolves when the body is committed. @throws InvalidSignature without any work of the database @throws WebhookNotStored */
  async admit(body: Buffer, signature: string | string[] | undefined): Promise<void> {
    if (!this.#signature.covers(body, signature)) {
      this.#refused.inc();
      throw new InvalidSignature();
    }
    try {
      await this.inbox.store(body);
    } catch (error) {
      throw error instanceof InboxUnavailable ? new WebhookNotStored() : error;
    }
  }
}
