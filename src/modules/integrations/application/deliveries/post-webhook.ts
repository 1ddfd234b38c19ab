import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Clock } from '../../../../kernel/clock.js';
import { type PostAnswer, SafeFetch } from '../../../../platform/media-store/safe-fetch.js';
import type { WebhookEvent } from './webhook-event.js';

/** How long a receiver may take. */
const DEADLINE_MS = 15_000;
const READ_BYTES = 64 * 1024;

/** Signs an event as Standard Webhooks says, and posts it; nothing of it is kept. */
@Injectable()
export class PostWebhook {
  constructor(
    private readonly safeFetch: SafeFetch,
    private readonly clock: Clock,
  ) {}

  /** @param secrets each signs, so that a receiver may hold any of them */
  post(url: string, event: WebhookEvent, secrets: readonly string[]): Promise<PostAnswer> {
    const body = JSON.stringify(event);
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'NoDue/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets.map((secret) => signature(secret, `${event.id}.${timestamp}.${body}`)).join(' '),
    };
    return this.safeFetch.post(url, body, headers, { deadline: DEADLINE_MS, maxBytes: READ_BYTES });
  }
}

/** @param secret `whsec_` and the key in base64 */
function signature(secret: string, signed: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
