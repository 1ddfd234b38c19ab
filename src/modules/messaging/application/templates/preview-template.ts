import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TemplateContent } from '../../domain/message-content.js';
import { checkTemplate, type TemplateFault } from '../../domain/templates/check-template.js';
import { type RenderedTemplate, renderTemplate } from '../../domain/templates/render-template.js';
import { isUsable } from '../../domain/templates/template.js';
import { TemplateNotFound } from '../../domain/templates/template-errors.js';
import { Templates } from './templates.js';

/** What the customer would see, and what would keep it from being sent. */
export interface TemplatePreview extends RenderedTemplate {
  readonly name: string;
  readonly language: string;
  readonly faults: readonly TemplateFault[];
}

/** Fills a template in without sending it (S1.38). @throws TemplateNotFound */
export class PreviewTemplate extends Query<TemplatePreview> {
  constructor(
    readonly name: string,
    readonly language: string | undefined,
    readonly parameters: Pick<TemplateContent, 'header' | 'body' | 'buttons'>,
  ) {
    super();
  }
}

@QueryHandler(PreviewTemplate)
export class PreviewTemplateHandler implements IQueryHandler<PreviewTemplate> {
  constructor(private readonly templates: Templates) {}

  async execute({ name, language, parameters }: PreviewTemplate): Promise<TemplatePreview> {
    const known = (await this.templates.named([name])).filter((one) => one.status !== 'deleted');
    const template =
      language === undefined ? (known.find(isUsable) ?? known[0]) : known.find((one) => one.language === language);
    if (!template) throw new TemplateNotFound();
    return {
      name,
      language: template.language,
      ...renderTemplate(template, parameters),
      faults: checkTemplate(template, { type: 'template', name, language: template.language, ...parameters }),
    };
  }
}
