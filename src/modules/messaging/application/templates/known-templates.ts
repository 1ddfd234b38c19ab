import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TemplateContent } from '../../domain/message-content.js';
import { checkTemplate, type TemplateFault } from '../../domain/templates/check-template.js';
import { type RenderedTemplate, renderTemplate } from '../../domain/templates/render-template.js';
import { isUsable } from '../../domain/templates/template.js';
import { TemplateRefused } from '../../domain/templates/template-errors.js';
import { type StoredTemplate, Templates } from './templates.js';

/** Templates under some names, as they stood when they were looked up: many contents are judged without asking again. */
export class KnownTemplates {
  constructor(private readonly templates: readonly StoredTemplate[]) {}

  /**
   * Whether a template can be sent with these variables (S1.37, C19). A name that is not known here passes without a check: the account may
   * never have been synced, and the provider has the last word. One that several accounts have is refused when all of them would refuse it.
   * @throws TemplateRefused
   */
  check(content: TemplateContent): void {
    const { name, language } = content;
    const known = this.templates.filter((one) => one.name === name);
    if (known.length === 0) return;
    const spoken = this.#spoken(content);
    if (spoken.length === 0) {
      const others = [...new Set(known.filter(isUsable).map((one) => one.language))];
      throw new TemplateRefused(name, [missing(name, language, others)], others);
    }
    const faults = spoken.map((template) => faultsOf(template, content));
    const [least = []] = faults.toSorted((a, b) => a.length - b.length);
    if (least.length > 0) throw new TemplateRefused(name, least);
  }

  /** What the customer will see; undefined: its components are not known here. */
  render(content: TemplateContent): RenderedTemplate | undefined {
    const template = this.#spoken(content).find(({ components }) => components.length > 0);
    return template && renderTemplate(template, content);
  }

  #spoken({ name, language }: TemplateContent): readonly StoredTemplate[] {
    return this.templates.filter((one) => one.name === name && one.language === language && one.status !== 'deleted');
  }
}

/** Of the account that a number belongs to. */
export class TemplatesOfNumber extends Query<KnownTemplates> {
  constructor(
    readonly phoneNumberId: string,
    readonly names: readonly string[],
  ) {
    super();
  }
}

/** Of any account of the merchant's. */
export class TemplatesOfMerchant extends Query<KnownTemplates> {
  constructor(readonly names: readonly string[]) {
    super();
  }
}

@QueryHandler(TemplatesOfNumber)
export class TemplatesOfNumberHandler implements IQueryHandler<TemplatesOfNumber> {
  constructor(private readonly templates: Templates) {}

  async execute({ phoneNumberId, names }: TemplatesOfNumber): Promise<KnownTemplates> {
    return new KnownTemplates(names.length === 0 ? [] : await this.templates.ofNumber(phoneNumberId, names));
  }
}

@QueryHandler(TemplatesOfMerchant)
export class TemplatesOfMerchantHandler implements IQueryHandler<TemplatesOfMerchant> {
  constructor(private readonly templates: Templates) {}

  async execute({ names }: TemplatesOfMerchant): Promise<KnownTemplates> {
    return new KnownTemplates(names.length === 0 ? [] : await this.templates.named(names));
  }
}

/** Only its state is known until a sync has brought its components. */
function faultsOf(template: StoredTemplate, content: TemplateContent): TemplateFault[] {
  return template.toldAt.components || !isUsable(template) ? checkTemplate(template, content) : [];
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
