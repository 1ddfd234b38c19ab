import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { WebhookEvents, type WebhookSummary } from './webhook-events.js';

/** How much was received, and what became of it. */
export class SummariseWebhookEvents extends Query<WebhookSummary> {}

@QueryHandler(SummariseWebhookEvents)
export class SummariseWebhookEventsHandler implements IQueryHandler<SummariseWebhookEvents> {
  constructor(private readonly events: WebhookEvents) {}

  execute(): Promise<WebhookSummary> {
    return this.events.summarise();
  }
}
