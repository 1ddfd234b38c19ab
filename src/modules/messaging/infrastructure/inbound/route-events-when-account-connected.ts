import { Injectable } from '@nestjs/common';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { UnroutedEvents } from './unrouted-events.js';

/** A customer may write before the merchant's connection is complete: those messages find their tenant then. */
@Injectable()
@ReactsTo(['messaging.account-connected'])
export class RouteEventsWhenAccountConnected extends Reaction {
  constructor(private readonly unrouted: UnroutedEvents) {
    super();
  }

  async on({ payload }: DeliveredEvent): Promise<void> {
    const { wabaId, phoneNumberIds } = payload as { wabaId: string; phoneNumberIds: readonly string[] };
    await this.unrouted.awaitRouting(wabaId, phoneNumberIds);
  }
}
