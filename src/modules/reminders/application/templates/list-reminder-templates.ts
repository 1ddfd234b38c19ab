import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PLATFORM_TEMPLATES, type TemplateOverride } from '../../domain/reminder-template.js';
import { ReminderTemplates } from './reminder-templates.js';

/** A template that a slot has, and whose it is. */
export type TemplateInUse = TemplateOverride & { readonly source: 'merchant' | 'platform' };

/** The templates of all slots that have one: the merchant's, else the platform's (S0.41, S0.53). */
export class ListReminderTemplates extends Query<readonly TemplateInUse[]> {}

@QueryHandler(ListReminderTemplates)
export class ListReminderTemplatesHandler implements IQueryHandler<ListReminderTemplates> {
  constructor(private readonly templates: ReminderTemplates) {}

  async execute(): Promise<readonly TemplateInUse[]> {
    const own = await this.templates.list();
    const platforms = PLATFORM_TEMPLATES.filter(({ slot }) => !own.some((override) => override.slot === slot));
    return [
      ...own.map((template) => ({ ...template, source: 'merchant' as const })),
      ...platforms.map((template) => ({ ...template, source: 'platform' as const })),
    ];
  }
}
