import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import type { TemplateOverride } from '../../domain/reminder-template.js';
import { ReminderTemplates } from './reminder-templates.js';

/** The merchant's own templates from now on; slots without one have the platform's (S0.53). */
export class ReplaceReminderTemplates extends Command<void> {
  constructor(readonly overrides: readonly TemplateOverride[]) {
    super();
  }
}

@CommandHandler(ReplaceReminderTemplates)
export class ReplaceReminderTemplatesHandler implements ICommandHandler<ReplaceReminderTemplates> {
  constructor(
    private readonly templates: ReminderTemplates,
    private readonly audit: AuditLog,
  ) {}

  async execute({ overrides }: ReplaceReminderTemplates): Promise<void> {
    await this.templates.replace(overrides);
    const details = Object.fromEntries(overrides.map(({ slot, name }) => [slot, name]));
    await this.audit.record({ action: 'reminder-templates.replaced', details });
  }
}
