import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { FindReadyNumber, FindTemplate } from '../../../messaging/index.js';
import { PLATFORM_TEMPLATES, type TemplateOverride } from '../../domain/reminder-template.js';
import { ReminderTemplates } from './reminder-templates.js';

/** What WhatsApp says of a template at this moment; null where it is not known here. */
export interface TemplateStanding {
  readonly status: string | null;
  /** Who has stopped marketing gets no reminder whose template is `marketing` (F7). */
  readonly category: string | null;
  /** What it was before WhatsApp moved it, until somebody has acknowledged that (F8). */
  readonly previousCategory: string | null;
}

/** A template that a slot has, and whose it is. */
export type TemplateInUse = TemplateOverride & TemplateStanding & { readonly source: 'merchant' | 'platform' };

/** The templates of all slots that have one: the merchant's, else the platform's (S0.41, S0.53), as the number has them that sends. */
export class ListReminderTemplates extends Query<readonly TemplateInUse[]> {}

@QueryHandler(ListReminderTemplates)
export class ListReminderTemplatesHandler implements IQueryHandler<ListReminderTemplates> {
  constructor(
    private readonly templates: ReminderTemplates,
    private readonly queries: Queries,
  ) {}

  async execute(): Promise<readonly TemplateInUse[]> {
    const own = await this.templates.list();
    const platforms = PLATFORM_TEMPLATES.filter(({ slot }) => !own.some((override) => override.slot === slot));
    const inUse = [
      ...own.map((template) => ({ ...template, source: 'merchant' as const })),
      ...platforms.map((template) => ({ ...template, source: 'platform' as const })),
    ];
    const phoneNumberId = await this.queries.execute(new FindReadyNumber());
    const found: TemplateInUse[] = [];
    for (const template of inUse) found.push({ ...template, ...(await this.#standingOf(template, phoneNumberId)) });
    return found;
  }

  async #standingOf(
    { name, language }: TemplateOverride,
    phoneNumberId: string | undefined,
  ): Promise<TemplateStanding> {
    const known =
      phoneNumberId === undefined
        ? undefined
        : await this.queries.execute(new FindTemplate(phoneNumberId, name, language));
    const { status = null, category = null, previousCategory = null } = known ?? {};
    return { status, category, previousCategory };
  }
}
