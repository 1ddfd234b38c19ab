import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Recipient } from '../../domain/recipient.js';
import { canBeSent } from '../../domain/templates/check-template.js';
import { MarketingStops } from '../marketing/marketing-stops.js';
import { Templates } from './templates.js';

export interface UsableTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: string;
}

/**
 * The templates that a number may send now (S1.36), by name; empty until the account was synced. To a customer who has stopped its marketing,
 * none of that.
 */
export class UsableTemplates extends Query<UsableTemplate[]> {
  constructor(
    readonly phoneNumberId: string,
    readonly to?: Recipient,
  ) {
    super();
  }
}

@QueryHandler(UsableTemplates)
export class UsableTemplatesHandler implements IQueryHandler<UsableTemplates> {
  constructor(
    private readonly templates: Templates,
    private readonly stops: MarketingStops,
  ) {}

  async execute({ phoneNumberId, to }: UsableTemplates): Promise<UsableTemplate[]> {
    const usable = (await this.templates.approvedFor(phoneNumberId)).filter(canBeSent);
    const stopped = await this.stops.among(
      phoneNumberId,
      usable.flatMap(({ id, name, language }) => (to ? [{ id, to, name, language }] : [])),
    );
    return usable
      .filter(({ id }) => !stopped.has(id))
      .map(({ name, language, category }) => ({ name, language, category }));
  }
}
