import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { checkSubmission, type TemplateSubmission } from '../../domain/templates/check-submission.js';
import { TemplateInvalid } from '../../domain/templates/template-errors.js';
import { LearnTemplates } from './learn-templates.js';
import { ProviderTemplates } from './provider-templates.js';
import { TemplateAccounts } from './template-accounts.js';
import { type TemplateView, toTemplateView } from './template-view.js';
import { Templates } from './templates.js';

/**
 * Submits a template for the provider's review. After a crash between the provider's yes and our note of it the next sync finds it.
 * @throws TemplateInvalid, AccountNotFound, AccountAmbiguous, ProviderRefused, ProviderUnreachable
 */
@OpensItsOwnTransactions()
export class SubmitTemplate extends Command<TemplateView> {
  constructor(
    readonly submission: TemplateSubmission,
    readonly wabaId?: string,
  ) {
    super();
  }
}

@CommandHandler(SubmitTemplate)
export class SubmitTemplateHandler implements ICommandHandler<SubmitTemplate> {
  constructor(
    private readonly accounts: TemplateAccounts,
    private readonly provider: ProviderTemplates,
    private readonly learn: LearnTemplates,
    private readonly templates: Templates,
    private readonly audit: AuditLog,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ submission, wabaId }: SubmitTemplate): Promise<TemplateView> {
    const faults = checkSubmission(submission);
    if (faults.length > 0) throw new TemplateInvalid(faults);
    const account = await this.accounts.one(wabaId);
    const askedAt = this.clock.now();
    const news = await this.provider.submit(account, submission);
    const { name, language, category } = submission;
    return this.unitOfWork.run(async () => {
      await this.learn.told(account.accountId, news, askedAt);
      await this.audit.record({
        action: 'whatsapp-template.submitted',
        subjectId: name,
        details: { language, category },
      });
      const kept = (await this.templates.named([name])).find(
        (one) => one.accountId === account.accountId && one.language === language,
      );
      return toTemplateView(kept!, this.clock.now());
    });
  }
}
