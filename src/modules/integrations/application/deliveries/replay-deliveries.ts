import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { UnclearReplay, WebhookDeliveryNotFound } from '../../domain/webhook-errors.js';
import { WebhookEndpoints } from '../endpoints/webhook-endpoints.js';
import { WebhookBell } from '../webhook-bell.js';
import { DeliveryQueue } from './delivery-queue.js';
import { WebhookDeliveries } from './webhook-deliveries.js';

/** Exhausted deliveries that one replay begins again. */
const MOST = 1000;

/** What is told again: by exactly one of `since`, `ids` and `state`. */
export interface Replay {
  /** All events of the log that happened then or later, also those from before the endpoint was added. */
  readonly since?: Date | undefined;
  /** With `since`: none that happened later. */
  readonly until?: Date | undefined;
  /** Deliveries of the endpoint. */
  readonly ids?: readonly string[] | undefined;
  /** The oldest thousand. */
  readonly state?: 'exhausted' | undefined;
}

export interface Replayed {
  /** Deliveries that begin again, or events of the log that are gone through again. */
  readonly replayed: number;
}

/**
 * Tells again what was told or given up, in order and under the same ids; what still waits goes on as it was. An endpoint that is not enabled
 * tells it when it is resumed. @throws WebhookEndpointNotFound, WebhookDeliveryNotFound, UnclearReplay
 */
export class ReplayDeliveries extends Command<Replayed> {
  constructor(
    readonly endpointId: string,
    readonly replay: Replay,
  ) {
    super();
  }
}

@CommandHandler(ReplayDeliveries)
export class ReplayDeliveriesHandler implements ICommandHandler<ReplayDeliveries> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
    private readonly queue: DeliveryQueue,
    private readonly bell: WebhookBell,
    private readonly audit: AuditLog,
  ) {}

  async execute({ endpointId, replay }: ReplayDeliveries): Promise<Replayed> {
    await this.endpoints.lock(endpointId);
    const replayed = await this.#begin(endpointId, replay);
    await this.bell.ring([endpointId]);
    await this.audit.record({
      action: 'webhook-endpoint.replayed',
      subjectId: endpointId,
      details: { replayed, by: Object.keys(replay)[0] },
    });
    return { replayed };
  }

  async #begin(endpointId: string, { since, until, ids, state }: Replay): Promise<number> {
    if ([since, ids, state].filter((given) => given !== undefined).length !== 1) throw new UnclearReplay();
    if (until && !since) throw new UnclearReplay();
    if (since) return this.queue.rewind(endpointId, since, until);
    if (!ids) return this.queue.repeatExhausted(endpointId, MOST);
    const wanted = [...new Set(ids)];
    if ((await this.deliveries.count(endpointId, wanted)) < wanted.length) throw new WebhookDeliveryNotFound();
    return this.queue.repeat(endpointId, wanted);
  }
}
