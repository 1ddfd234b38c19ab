import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { MarketingStopped } from '../../domain/marketing-stopped.js';
import type { TemplateContent } from '../../domain/message-content.js';
import type { Recipient } from '../../domain/recipient.js';
import { MarketingStops } from './marketing-stops.js';

/**
 * Asks whether a customer lets a number send them a template: who has stopped its marketing gets none (F7); what is no marketing goes on.
 * @throws MarketingStopped
 */
export class CheckMarketing extends Query<void> {
  constructor(
    readonly phoneNumberId: string,
    readonly to: Recipient,
    readonly template: TemplateContent,
  ) {
    super();
  }
}

@QueryHandler(CheckMarketing)
export class CheckMarketingHandler implements IQueryHandler<CheckMarketing> {
  constructor(private readonly stops: MarketingStops) {}

  async execute({ phoneNumberId, to, template }: CheckMarketing): Promise<void> {
    const stopped = await this.stops.among(phoneNumberId, [
      { id: template.name, to, name: template.name, language: template.language },
    ]);
    if (stopped.size > 0) throw new MarketingStopped(template.name);
  }
}
