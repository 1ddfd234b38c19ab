import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TemplateContent } from '../../domain/message-content.js';
import { KnownTemplates } from './known-templates.js';
import { Templates } from './templates.js';

/** Asks whether a number can send a template with these variables; see `KnownTemplates`. @throws TemplateRefused */
export class CheckTemplate extends Query<void> {
  constructor(
    readonly phoneNumberId: string,
    readonly content: TemplateContent,
  ) {
    super();
  }
}

@QueryHandler(CheckTemplate)
export class CheckTemplateHandler implements IQueryHandler<CheckTemplate> {
  constructor(private readonly templates: Templates) {}

  async execute({ phoneNumberId, content }: CheckTemplate): Promise<void> {
    new KnownTemplates(await this.templates.ofNumber(phoneNumberId, [content.name])).check(content);
  }
}
