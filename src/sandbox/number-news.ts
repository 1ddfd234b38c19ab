import { Injectable } from '@nestjs/common';
import { Accounts, type BusinessNumber } from './accounts.js';
import type { JsonObject } from './json-input.js';
import { WebhookSender } from './webhook-sender.js';

type Standing = Pick<BusinessNumber, 'status' | 'nameStatus' | 'messagingLimitTier' | 'messagesPerSecond'>;

/** Tells the application what changed about a number and its account, as Meta does: quality itself is told by no webhook, what follows from it is. */
@Injectable()
export class NumberNews {
  constructor(
    private readonly accounts: Accounts,
    private readonly webhooks: WebhookSender,
  ) {}

  tell(before: Standing, after: BusinessNumber): void {
    const limit = { max_daily_conversations_per_business: after.messagingLimitTier };
    if (after.status !== before.status) {
      if (after.status === 'FLAGGED')
        this.quality(after, 'FLAGGED', { current_limit: after.messagingLimitTier, ...limit });
      else if (before.status === 'FLAGGED')
        this.quality(after, 'UNFLAGGED', { current_limit: after.messagingLimitTier, ...limit });
    }
    if (after.messagingLimitTier !== before.messagingLimitTier) {
      const event = sizeOf(after.messagingLimitTier) > sizeOf(before.messagingLimitTier) ? 'UPGRADE' : 'DOWNGRADE';
      this.quality(after, event, {
        old_limit: before.messagingLimitTier,
        current_limit: after.messagingLimitTier,
        ...limit,
      });
    }
    if (after.messagesPerSecond > 80 && before.messagesPerSecond <= 80)
      this.quality(after, 'THROUGHPUT_UPGRADE', { current_limit: 'TIER_UNLIMITED' });
    if (after.nameStatus !== before.nameStatus)
      this.emit(after.wabaId, 'phone_number_name_update', after.nameStatus, {
        display_phone_number: after.displayPhoneNumber,
        decision: after.nameStatus === 'DECLINED' ? 'REJECTED' : after.nameStatus,
        requested_verified_name: after.verifiedName,
        rejection_reason: after.nameStatus === 'DECLINED' ? 'NAME_NOT_CONSISTENT' : 'NONE',
      });
  }

  /** `account_update` with any of its events: DISABLED_UPDATE, ACCOUNT_RESTRICTION, ACCOUNT_VIOLATION ... */
  account(wabaId: string, event: string, members: JsonObject): void {
    this.emit(wabaId, 'account_update', event, { ...members, event });
  }

  private quality(number: BusinessNumber, event: string, members: JsonObject): void {
    this.emit(number.wabaId, 'phone_number_quality_update', event, {
      display_phone_number: number.displayPhoneNumber,
      event,
      ...members,
    });
  }

  private emit(wabaId: string, field: string, type: string, value: JsonObject): void {
    if (!this.accounts.account(wabaId).subscribed) return;
    this.webhooks.emit({ lane: wabaId, kind: 'account', field, wabaId, type, value });
  }
}

/** `TIER_2K` is 2000; what names no number counts as boundless. */
function sizeOf(tier: string): number {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(tier) ?? [];
  return digits === undefined ? Infinity : Number(digits) * (thousands === 'K' ? 1000 : 1);
}
