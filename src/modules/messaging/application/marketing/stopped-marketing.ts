import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { MarketingStops, type TemplateFor } from './marketing-stops.js';

/** Those of a number's templates that are marketing for customers who have stopped it (F7), in one statement. @returns their ids */
export class StoppedMarketing extends Query<ReadonlySet<string>> {
  constructor(
    readonly phoneNumberId: string,
    readonly templates: readonly TemplateFor[],
  ) {
    super();
  }
}

@QueryHandler(StoppedMarketing)
export class StoppedMarketingHandler implements IQueryHandler<StoppedMarketing> {
  constructor(private readonly stops: MarketingStops) {}

  execute({ phoneNumberId, templates }: StoppedMarketing): Promise<ReadonlySet<string>> {
    return this.stops.among(phoneNumberId, templates);
  }
}
