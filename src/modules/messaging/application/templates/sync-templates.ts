import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountNotFound } from '../../domain/account-errors.js';
import { type Learned, LearnTemplates } from './learn-templates.js';
import { ProviderTemplates, type TemplateAccount } from './provider-templates.js';
import { TemplateAccounts } from './template-accounts.js';

export interface SyncedAccount extends Learned {
  readonly wabaId: string;
}

/**
 * Brings the templates of the connected accounts up to what the provider has (S1.36): all, or one. Each account is asked, then kept in one
 * transaction; one that cannot be asked does not keep the others from it, and is told when they are done. @throws ProviderRefused, ProviderUnreachable, AccountNotFound
 */
@OpensItsOwnTransactions()
export class SyncTemplates extends Command<readonly SyncedAccount[]> {
  constructor(readonly accountId?: string) {
    super();
  }
}

@CommandHandler(SyncTemplates)
export class SyncTemplatesHandler implements ICommandHandler<SyncTemplates> {
  constructor(
    private readonly accounts: TemplateAccounts,
    private readonly provider: ProviderTemplates,
    private readonly learn: LearnTemplates,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId }: SyncTemplates): Promise<readonly SyncedAccount[]> {
    const accounts = (await this.accounts.all()).filter(
      (one) => accountId === undefined || one.accountId === accountId,
    );
    if (accounts.length === 0) throw new AccountNotFound();
    const synced: SyncedAccount[] = [];
    const faults: DomainError[] = [];
    for (const account of accounts) {
      try {
        synced.push(await this.#sync(account));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        faults.push(error);
      }
    }
    if (faults[0]) throw faults[0];
    return synced;
  }

  async #sync(account: TemplateAccount): Promise<SyncedAccount> {
    const askedAt = this.clock.now();
    const list = await this.provider.list(account);
    const learned = await this.unitOfWork.run(() => this.learn.listed(account.accountId, list, askedAt));
    return { wabaId: account.wabaId, ...learned };
  }
}
