import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { AreaExists } from '../../../tenants/index.js';
import { AreaNotFound, PhoneNumberNotFound } from '../../domain/account-errors.js';
import type { NumberChoices } from '../../domain/whatsapp-account.js';
import { type PhoneNumberView, toPhoneNumberView } from './account-view.js';
import { WhatsAppAccounts } from './whatsapp-accounts.js';

/** Gives a number its area (S1.23), its purpose (S1.24) or a name of the merchant's own. @throws PhoneNumberNotFound, AreaNotFound */
export class ChangePhoneNumber extends Command<PhoneNumberView> {
  constructor(
    readonly phoneNumberId: string,
    readonly choices: NumberChoices,
  ) {
    super();
  }
}

@CommandHandler(ChangePhoneNumber)
export class ChangePhoneNumberHandler implements ICommandHandler<ChangePhoneNumber> {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
  ) {}

  async execute({ phoneNumberId, choices }: ChangePhoneNumber): Promise<PhoneNumberView> {
    const account = await this.accounts.findByNumber(phoneNumberId);
    if (!account) throw new PhoneNumberNotFound();
    if (choices.areaId && !(await this.queries.execute(new AreaExists(choices.areaId)))) throw new AreaNotFound();
    const number = account.changeNumber(phoneNumberId, choices);
    await this.accounts.save(account);
    await this.audit.record({ action: 'phone-number.changed', subjectId: phoneNumberId, details: { ...choices } });
    return toPhoneNumberView(number, account.state.wabaId);
  }
}
