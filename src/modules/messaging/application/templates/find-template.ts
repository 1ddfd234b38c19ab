import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { isUsable } from '../../domain/templates/template.js';
import { type TemplateView, toTemplateView } from './template-view.js';
import { Templates } from './templates.js';

/** The template that a number would send under a name; without a language the first that may be sent. Undefined when it is not known here. */
export class FindTemplate extends Query<TemplateView | undefined> {
  constructor(
    readonly phoneNumberId: string,
    readonly name: string,
    readonly language?: string,
  ) {
    super();
  }
}

@QueryHandler(FindTemplate)
export class FindTemplateHandler implements IQueryHandler<FindTemplate> {
  constructor(
    private readonly templates: Templates,
    private readonly clock: Clock,
  ) {}

  async execute({ phoneNumberId, name, language }: FindTemplate): Promise<TemplateView | undefined> {
    const known = await this.templates.ofNumber(phoneNumberId, [name]);
    const found =
      language === undefined ? (known.find(isUsable) ?? known[0]) : known.find((one) => one.language === language);
    return found && toTemplateView(found, this.clock.now());
  }
}
