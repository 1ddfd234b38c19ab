import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TemplateContent } from '../../domain/message-content.js';
import { checkTemplate, type TemplateFault } from '../../domain/templates/check-template.js';
import { isUsable } from '../../domain/templates/template.js';
import { TemplateRefused } from '../../domain/templates/template-errors.js';
import { Templates } from './templates.js';

/**
 * Asks whether a number can send a template with these variables (S1.37, C19). A name that is not known here passes without a check: the
 * account may never have been synced, and the provider has the last word. @throws TemplateRefused
 */
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
    const { name, language } = content;
    const known = await this.templates.ofNumber(phoneNumberId, name);
    if (known.length === 0) return;
    const template = known.find((one) => one.language === language && one.status !== 'deleted');
    const others = known.filter((one) => isUsable(one)).map((one) => one.language);
    if (!template) throw new TemplateRefused(name, [missing(name, language, others)], others);
    // Only its state is known until a sync has brought its components.
    const faults = template.toldAt.components || !isUsable(template) ? checkTemplate(template, content) : [];
    if (faults.length > 0) throw new TemplateRefused(name, faults);
  }
}

function missing(name: string, language: string, others: readonly string[]): TemplateFault {
  return others.length === 0
    ? { code: 'TEMPLATE_UNKNOWN', where: 'template', message: `There is no template ${name} any more.` }
    : {
        code: 'LANGUAGE_UNKNOWN',
        where: 'template',
        message: `Template ${name} does not exist in ${language}, but in ${others.join(', ')}.`,
      };
}
