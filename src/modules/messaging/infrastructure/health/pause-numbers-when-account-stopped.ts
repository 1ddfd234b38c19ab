import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { WhatsAppAccounts } from '../../application/accounts/whatsapp-accounts.js';
import { SEND_QUEUE } from '../../application/outbound/send-queue-lane.js';
import { ACCOUNT_REASON } from '../../domain/health/account-standing.js';

/**
 * Pauses an account's numbers when the provider stopped it, and resumes those when it is reinstated: what was paused for a reason of its own
 * stays paused.
 */
@Injectable()
@ReactsTo(['messaging.account-stopped', 'messaging.account-reinstated'])
export class PauseNumbersWhenAccountStopped extends Reaction {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ type, aggregateId, payload }: DeliveredEvent): Promise<void> {
    const account = await this.accounts.findById(aggregateId);
    if (!account) return;
    const { numbers } = account.state;
    if (type === 'messaging.account-stopped') {
      const { reason } = payload as { reason: string };
      for (const { phoneNumberId } of numbers) account.pauseNumber(phoneNumberId, reason);
      await this.accounts.save(account);
      return;
    }
    const resumed = numbers.filter(
      ({ status, pausedReason }) => status === 'paused' && pausedReason?.startsWith(ACCOUNT_REASON),
    );
    for (const { phoneNumberId } of resumed) account.resumeNumber(phoneNumberId);
    await this.accounts.save(account);
    const { tenantId } = this.scope;
    const dueAt = this.clock.now();
    await this.lanes.ring(
      SEND_QUEUE,
      resumed.map(({ phoneNumberId: key }) => ({ key, tenantId, dueAt })),
    );
  }
}
