import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { TemplateNotFound } from '../../domain/templates/template-errors.js';
import { LearnTemplates } from './learn-templates.js';
import { ProviderTemplates } from './provider-templates.js';
import { TemplateAccounts } from './template-accounts.js';
import { Templates } from './templates.js';

/** Deletes a template in all its languages, at the provider and then here. @throws TemplateNotFound, AccountNotFound, AccountAmbiguous, ProviderRefused */
@OpensItsOwnTransactions()
export class DeleteTemplate extends Command<void> {
  constructor(
    readonly name: string,
    readonly wabaId?: string,
  ) {
    super();
  }
}

@CommandHandler(DeleteTemplate)
export class DeleteTemplateHandler implements ICommandHandler<DeleteTemplate> {
  constructor(
    private readonly accounts: TemplateAccounts,
    private readonly provider: ProviderTemplates,
    private readonly templates: Templates,
    private readonly learn: LearnTemplates,
    private readonly audit: AuditLog,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ name, wabaId }: DeleteTemplate): Promise<void> {
    const known = (await this.unitOfWork.run(() => this.templates.named([name]))).filter(
      (one) => one.status !== 'deleted',
    );
    if (known.length === 0) throw new TemplateNotFound();
    const account = await this.accounts.one(wabaId);
    const own = known.filter(({ accountId }) => accountId === account.accountId);
    if (own.length === 0) throw new TemplateNotFound();
    await this.provider.remove(account, name);
    await this.unitOfWork.run(async () => {
      for (const { language } of own)
        await this.learn.told(account.accountId, { name, language, status: 'deleted' }, this.clock.now());
      await this.audit.record({ action: 'whatsapp-template.deleted', subjectId: name });
    });
  }
}
