import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { PhoneNumberNotFound } from '../../domain/account-errors.js';
import { SEND_QUEUE } from '../outbound/send-queue-lane.js';
import { WhatsAppAccounts } from './whatsapp-accounts.js';

/** Lets a paused number send again: somebody has settled with the provider what it was restricted for. @throws PhoneNumberNotFound */
export class ResumePhoneNumber extends Command<void> {
  constructor(readonly phoneNumberId: string) {
    super();
  }
}

@CommandHandler(ResumePhoneNumber)
export class ResumePhoneNumberHandler implements ICommandHandler<ResumePhoneNumber> {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ phoneNumberId }: ResumePhoneNumber): Promise<void> {
    const account = await this.accounts.findByNumber(phoneNumberId);
    if (!account) throw new PhoneNumberNotFound();
    account.resumeNumber(phoneNumberId);
    await this.accounts.save(account);
    await this.lanes.ring(SEND_QUEUE, [{ key: phoneNumberId, tenantId: this.scope.tenantId, dueAt: this.clock.now() }]);
    await this.audit.record({ action: 'phone-number.resumed', subjectId: phoneNumberId, details: {} });
  }
}
