import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Commands, OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { NoPhoneNumber, NotInAccount } from '../../domain/account-errors.js';
import type { AccountView } from './account-view.js';
import { ProviderAccounts } from './provider-accounts.js';
import { SaveConnection } from './save-connection.js';
import { SignupTokens } from './whatsapp-accounts.js';

/** The ids that the provider's signup dialog told the merchant's browser. Only hints: the provider confirms each. */
export interface SetupInfo {
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  readonly businessId?: string;
}

/**
 * Connects the account that a merchant shared in the provider's signup dialog, in five steps (S0.6-S0.12): exchange the code, find
 * the account, find its numbers, subscribe to its webhooks, save. A code can be exchanged once, so the token is kept (sealed) at
 * once: after a crash or a refusal on the way the same call goes on from there. Nothing else is saved before the last step.
 * @throws ProviderRefused, ProviderUnreachable, NotInAccount, NoPhoneNumber, PhoneNumberTaken
 */
@OpensItsOwnTransactions()
export class OnboardAccount extends Command<AccountView> {
  constructor(
    readonly code: string,
    readonly setupInfo: SetupInfo,
  ) {
    super();
  }
}

/** Numbers that one signup connects at most; an account has rarely more than a few. */
const NUMBERS = 20;

@CommandHandler(OnboardAccount)
export class OnboardAccountHandler implements ICommandHandler<OnboardAccount> {
  constructor(
    private readonly provider: ProviderAccounts,
    private readonly signups: SignupTokens,
    private readonly unitOfWork: UnitOfWork,
    private readonly commands: Commands,
  ) {}

  async execute({ code, setupInfo }: OnboardAccount): Promise<AccountView> {
    const accessToken = await this.#exchange(code);
    const wabaId = await this.#findAccount(setupInfo.wabaId, accessToken);
    const { businessProfileId } = await this.provider.account(wabaId, accessToken);
    const numbers = await this.#findNumbers(wabaId, setupInfo.phoneNumberId, accessToken);
    await this.provider.subscribe(wabaId, accessToken);
    return this.commands.execute(
      new SaveConnection(
        { wabaId, businessProfileId: businessProfileId ?? setupInfo.businessId ?? null, accessToken, numbers },
        code,
      ),
    );
  }

  async #exchange(code: string): Promise<string> {
    const kept = await this.unitOfWork.run(() => this.signups.find(code));
    if (kept !== undefined) return kept;
    const accessToken = await this.provider.exchangeCode(code);
    await this.unitOfWork.run(() => this.signups.keep(code, accessToken));
    return accessToken;
  }

  async #findAccount(wanted: string | undefined, accessToken: string): Promise<string> {
    const shared = await this.provider.sharedAccounts(accessToken);
    const found = wanted ?? shared[0];
    if (found === undefined || (shared.length > 0 && !shared.includes(found))) throw new NotInAccount('account');
    return found;
  }

  async #findNumbers(wabaId: string, wanted: string | undefined, accessToken: string) {
    const all = await this.provider.numbersOf(wabaId, accessToken);
    if (wanted !== undefined && !all.includes(wanted)) throw new NotInAccount('number');
    const ids = wanted === undefined ? all.slice(0, NUMBERS) : [wanted];
    if (ids.length === 0) throw new NoPhoneNumber();
    return Promise.all(ids.map((id) => this.provider.number(id, accessToken)));
  }
}
