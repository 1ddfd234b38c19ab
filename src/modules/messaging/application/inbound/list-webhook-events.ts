import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { WebhookEventState } from '../../domain/webhook-event.js';
import { WebhookEvents, type WebhookEventView } from './webhook-events.js';

/** Newest first; up to `limit` events, those before the id. */
export class ListWebhookEvents extends Query<WebhookEventView[]> {
  constructor(
    readonly filter: { readonly state?: WebhookEventState; readonly field?: string; readonly before?: string },
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(ListWebhookEvents)
export class ListWebhookEventsHandler implements IQueryHandler<ListWebhookEvents> {
  constructor(private readonly events: WebhookEvents) {}

  execute({ filter, limit }: ListWebhookEvents): Promise<WebhookEventView[]> {
    return this.events.list(filter, limit);
  }
}
