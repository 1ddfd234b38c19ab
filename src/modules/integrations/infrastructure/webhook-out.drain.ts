import { Injectable } from '@nestjs/common';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../platform/lanes/lane-drain.js';
import { DeliverWebhooks } from '../application/deliveries/deliver-webhooks.js';
import { WEBHOOK_OUT } from '../application/webhook-out-lane.js';

/** Tells endpoints what happened, each in a lane of its own: a slow one keeps nobody else waiting. */
@Injectable()
@DrainsLane(WEBHOOK_OUT)
export class WebhookOutDrain extends LaneDrain {
  /** Most of a turn is waiting for answers. */
  readonly concurrency = 128;
  /** A merchant's receivers that answer slowly, or not at all, have no more places than these. */
  override readonly concurrencyPerTenant = 4;

  constructor(private readonly deliver: DeliverWebhooks) {
    super();
  }

  drain({ key: endpointId, signal }: LaneTurn): Promise<Date | undefined> {
    return this.deliver.work(endpointId, signal);
  }
}
