import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Commands, OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { NotInAccount } from '../../domain/account-errors.js';
import type { AccountView } from './account-view.js';
import { ProviderAccounts } from './provider-accounts.js';
import { SaveConnection } from './save-connection.js';

/**
 * Connects an account by ids and a token that the merchant gives (S0.13). Everything is confirmed by the provider first (S0.14): the
 * token works and sees number and account, the number belongs to the account, and its webhooks come to the app. Nothing is saved
 * before; a crash on the way leaves nothing but the subscription, which a repeated call finds done.
 * @throws ProviderRefused, ProviderUnreachable, NotInAccount, PhoneNumberTaken
 */
@OpensItsOwnTransactions()
export class ConnectAccount extends Command<AccountView> {
  constructor(
    readonly wabaId: string,
    readonly phoneNumberId: string,
    readonly accessToken: string,
  ) {
    super();
  }
}

@CommandHandler(ConnectAccount)
export class ConnectAccountHandler implements ICommandHandler<ConnectAccount> {
  constructor(
    private readonly provider: ProviderAccounts,
    private readonly commands: Commands,
  ) {}

  async execute({ wabaId, phoneNumberId, accessToken }: ConnectAccount): Promise<AccountView> {
    const number = await this.provider.number(phoneNumberId, accessToken);
    const { businessProfileId } = await this.provider.account(wabaId, accessToken);
    if (!(await this.provider.numbersOf(wabaId, accessToken)).includes(phoneNumberId)) throw new NotInAccount('number');
    await this.provider.subscribe(wabaId, accessToken);
    return this.commands.execute(new SaveConnection({ wabaId, businessProfileId, accessToken, numbers: [number] }));
  }
}
