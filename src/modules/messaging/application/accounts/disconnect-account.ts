import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { TenantDirectory } from '../../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountAmbiguous, AccountNotFound } from '../../domain/account-errors.js';
import type { WhatsAppAccount } from '../../domain/whatsapp-account.js';
import { ProviderAccounts } from './provider-accounts.js';
import { WhatsAppAccounts } from './whatsapp-accounts.js';

/**
 * Disconnects an account, the only one unless `wabaId` names it: its token is erased, its numbers send nothing more and may be
 * connected elsewhere. Then the provider is asked to stop its webhooks; if that fails or the process dies before, they go on
 * coming and are kept as unrouted, which harms nobody. @throws AccountNotFound, AccountAmbiguous
 */
@OpensItsOwnTransactions()
export class DisconnectAccount extends Command<void> {
  constructor(readonly wabaId?: string) {
    super();
  }
}

@CommandHandler(DisconnectAccount)
export class DisconnectAccountHandler implements ICommandHandler<DisconnectAccount> {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly provider: ProviderAccounts,
    private readonly directory: TenantDirectory,
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  async execute({ wabaId }: DisconnectAccount): Promise<void> {
    const { account, token } = await this.unitOfWork.run(() => this.#disconnect(wabaId));
    if (token !== undefined) await this.provider.unsubscribe(account.state.wabaId, token);
  }

  async #disconnect(wabaId: string | undefined): Promise<{ account: WhatsAppAccount; token: string | undefined }> {
    const connected = (await this.accounts.connected()).filter(
      (account) => wabaId === undefined || account.state.wabaId === wabaId,
    );
    const [account, another] = connected;
    if (!account) throw new AccountNotFound();
    if (another) throw new AccountAmbiguous();
    const token = await this.accounts.tokenOf(account);
    account.disconnect();
    await this.accounts.save(account);
    const tenantId = this.scope.tenantId;
    await this.directory.release('waba', account.state.wabaId, tenantId);
    for (const { phoneNumberId } of account.state.numbers)
      await this.directory.release('phone_number', phoneNumberId, tenantId);
    await this.audit.record({
      action: 'whatsapp-account.disconnected',
      subjectId: account.id,
      details: { wabaId: account.state.wabaId },
    });
    return { account, token };
  }
}
