import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { TemplateNotFound } from '../../domain/templates/template-errors.js';
import { AccountAlerts } from '../health/account-alerts.js';
import { alertSubject, RECATEGORISED } from './learn-templates.js';
import { Templates } from './templates.js';

/** Somebody has seen that the provider moved a template to another category (F8); its alerts are closed with it. @throws TemplateNotFound */
export class AcknowledgeTemplate extends Command<void> {
  constructor(
    readonly actor: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(AcknowledgeTemplate)
export class AcknowledgeTemplateHandler implements ICommandHandler<AcknowledgeTemplate> {
  constructor(
    private readonly templates: Templates,
    private readonly alerts: AccountAlerts,
    private readonly audit: AuditLog,
  ) {}

  async execute({ actor, name }: AcknowledgeTemplate): Promise<void> {
    const known = await this.templates.named([name]);
    if (known.length === 0) throw new TemplateNotFound();
    const moved = known.filter(({ previousCategory }) => previousCategory !== null);
    if (moved.length === 0) return;
    await this.templates.acknowledge(moved.map(({ id }) => id));
    for (const { accountId, language } of moved)
      await this.alerts.acknowledge(
        { code: RECATEGORISED, accountId, subject: alertSubject({ name, language }) },
        actor,
      );
    await this.audit.record({
      action: 'whatsapp-template.acknowledged',
      subjectId: name,
      details: { moved: moved.map(({ language, previousCategory: from, category: to }) => ({ language, from, to })) },
    });
  }
}
