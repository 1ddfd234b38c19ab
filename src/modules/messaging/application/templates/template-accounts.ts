import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountAmbiguous, AccountNotFound } from '../../domain/account-errors.js';
import { WhatsAppAccounts } from '../accounts/whatsapp-accounts.js';
import type { TemplateAccount } from './provider-templates.js';

/** The connected accounts with their tokens, read in a transaction of their own: the provider is asked after it. */
@Injectable()
export class TemplateAccounts {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  all(): Promise<TemplateAccount[]> {
    return this.unitOfWork.run(async () => {
      const found: TemplateAccount[] = [];
      for (const account of await this.accounts.connected()) {
        const accessToken = await this.accounts.tokenOf(account);
        const { wabaId, credentialVersion } = account.state;
        if (accessToken !== undefined) found.push({ accountId: account.id, wabaId, accessToken, credentialVersion });
      }
      return found;
    });
  }

  /** The only one, unless `wabaId` names it. @throws AccountNotFound, AccountAmbiguous */
  async one(wabaId: string | undefined): Promise<TemplateAccount> {
    const found = (await this.all()).filter((account) => wabaId === undefined || account.wabaId === wabaId);
    const [account, another] = found;
    if (!account) throw new AccountNotFound();
    if (another) throw new AccountAmbiguous();
    return account;
  }
}
