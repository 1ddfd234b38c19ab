import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { ChangeConsumer, ConsumesChanges } from '../../application/changes/change-consumer.js';
import type { ChangeSource, ProviderChange } from '../../application/changes/provider-change.js';
import { AccountAlerts } from '../../application/health/account-alerts.js';
import { HealthSnapshots, type ToldOfNumber } from '../../application/health/health-snapshots.js';
import { standingAfter } from '../../domain/health/account-standing.js';
import { AccountReinstated, AccountStopped } from '../../domain/health/account-standing-events.js';

interface NumberRow {
  phone_number_id: string;
  account_id: string;
}

/** Keeps what the provider tells of numbers and accounts, and acts on it (S1.58, F8). */
@Injectable()
@ConsumesChanges(['number-quality', 'number-name', 'account'])
export class FollowAccountChanges extends ChangeConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly snapshots: HealthSnapshots,
    private readonly alerts: AccountAlerts,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async consume(change: ProviderChange, source: ChangeSource): Promise<void> {
    switch (change.kind) {
      case 'number-quality':
        return this.#quality(change, source);
      case 'number-name':
        return this.#name(change, source);
      case 'account':
        return this.#account(change, source);
      default:
        return;
    }
  }

  async #quality(change: Extract<ProviderChange, { kind: 'number-quality' }>, source: ChangeSource): Promise<void> {
    const number = await this.#numberOf(change.displayPhoneNumber, source);
    if (!number) return;
    await this.snapshots.told(number.phone_number_id, toldBy(change), source.raw);
  }

  async #name(change: Extract<ProviderChange, { kind: 'number-name' }>, source: ChangeSource): Promise<void> {
    const number = await this.#numberOf(change.displayPhoneNumber, source);
    if (!number) return;
    const { decision, requestedName, reason } = change;
    const isApproved = decision === 'APPROVED';
    if (isApproved && requestedName !== undefined)
      await this.snapshots.told(number.phone_number_id, { verifiedName: requestedName }, source.raw);
    await this.alerts.raise({
      code: `NAME_${decision}`,
      severity: isApproved ? 'info' : 'warning',
      accountId: number.account_id,
      phoneNumberId: number.phone_number_id,
      detail: { decision, requestedName: requestedName ?? null, reason: reason ?? null },
    });
  }

  async #account(change: Extract<ProviderChange, { kind: 'account' }>, source: ChangeSource): Promise<void> {
    const [account] = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from whatsapp_account where tenant_id = $1::uuid and waba_id = $2`,
      [this.scope.tenantId, source.wabaId ?? ''],
    );
    if (!account) return;
    const { event, severity, detail } = change;
    const standing = standingAfter(event, detail);
    // By events, because numbers are paused by their account, in a transaction of its own.
    if (typeof standing === 'object') await this.outbox.append([new AccountStopped(account.id, standing.stop)]);
    if (standing === 'reinstated') await this.outbox.append([new AccountReinstated(account.id)]);
    const code = typeof standing === 'object' ? standing.stop : event;
    await this.alerts.raise({ code, severity, accountId: account.id, detail: { event, ...detail } });
  }

  /** Webhooks of the account name a number by what people dial. */
  async #numberOf(displayPhoneNumber: string | undefined, source: ChangeSource): Promise<NumberRow | undefined> {
    const digits = displayPhoneNumber?.replace(/\D/g, '') ?? '';
    const [number] = await this.unitOfWork.sql.query<NumberRow>(
      `select n.phone_number_id, n.account_id from phone_number n
       join whatsapp_account a on a.tenant_id = n.tenant_id and a.id = n.account_id
       where n.tenant_id = $1::uuid and a.waba_id = $2 and (n.phone_number_id = $3 or n.display_phone_number = '+' || $4)
       order by n.phone_number_id = $3 desc limit 1`,
      [this.scope.tenantId, source.wabaId ?? '', source.phoneNumberId ?? '', digits],
    );
    return number;
  }
}

/** What the event's name means besides what it names: Meta says FLAGGED or UNFLAGGED of a number, and tells of a raised throughput so. */
function toldBy({
  event,
  messagingTier,
  qualityRating,
}: Extract<ProviderChange, { kind: 'number-quality' }>): ToldOfNumber {
  return {
    ...(qualityRating !== undefined && { qualityRating }),
    ...(event === 'FLAGGED' && { status: 'FLAGGED' }),
    ...(event === 'UNFLAGGED' && { status: 'CONNECTED' }),
    ...(event === 'THROUGHPUT_UPGRADE'
      ? { throughput: 'HIGH', messagesPerSecond: 1000 }
      : messagingTier !== undefined && { messagingTier }),
  };
}
