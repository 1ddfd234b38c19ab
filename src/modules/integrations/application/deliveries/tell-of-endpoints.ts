import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantEvents } from '../../../../platform/realtime/tenant-events.js';
import { DeliveryQueue, type HeldEndpoint } from './delivery-queue.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Kinds of the notifications below. They go to people alone: a webhook about failing webhooks would feed on itself. */
export const ENDPOINT_NEWS = ['webhook-exhausted', 'webhook-disabled', 'webhook-forgotten'] as const;

/** Tells people of the merchant's what becomes of their endpoints, in the open transaction. */
@Injectable()
export class TellOfEndpoints {
  constructor(
    private readonly events: TenantEvents,
    private readonly queue: DeliveryQueue,
    private readonly clock: Clock,
  ) {}

  /** Once a day at most. */
  async exhausted({ id, url, exhaustionToldAt }: HeldEndpoint, deliveries: number): Promise<void> {
    const now = this.clock.now();
    if (exhaustionToldAt && now.getTime() - exhaustionToldAt.getTime() < DAY_MS) return;
    await this.queue.noteExhaustionTold(id);
    await this.#notify('webhook-exhausted', { endpointId: id, host: hostOf(url), deliveries });
  }

  disabled({ id, url }: HeldEndpoint, reason: 'GONE' | 'FAILING'): Promise<void> {
    return this.#notify('webhook-disabled', { endpointId: id, host: hostOf(url), reason });
  }

  /** @param events that the log has forgotten before they were told, whichever the endpoint asks for */
  forgotten({ id, url }: HeldEndpoint, events: number): Promise<void> {
    return this.#notify('webhook-forgotten', { endpointId: id, host: hostOf(url), events });
  }

  #notify(kind: (typeof ENDPOINT_NEWS)[number], details: Readonly<Record<string, unknown>>): Promise<void> {
    return this.events.append([{ name: 'notification', payload: { kind, ...details } }]);
  }
}

/** Everybody of the merchant's hears of it; what stands in path and query may be a secret. */
function hostOf(url: string): string {
  return new URL(url).host;
}
