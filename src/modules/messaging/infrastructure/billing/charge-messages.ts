import { Injectable } from '@nestjs/common';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type MessageCharge, PriceCharges } from '../../application/billing/price-charges.js';
import { MessageWatcher, type ReportedMessage, WatchesMessages } from '../../application/outbound/message-watcher.js';
import { type Charge, chargeOf } from '../../domain/billing/charge.js';
import { BilledConversations } from './billed-conversations.js';
import { WRITE_CHARGES, chargeColumns } from './charge-rows.js';

interface KnownRow {
  id: string;
  address_kind: string;
  address: string;
  market: string | null;
  model: string;
  category: string;
  pricing_type: string | null;
  billable: boolean;
  conversation_id: string | null;
  at: Date;
  pricing: Record<string, unknown>;
}

/**
 * Keeps what the provider says about prices (S4.8, S4.13): three statements a batch of statuses at most, and none for what is known already.
 * The messages' rows are locked by whoever reports, so that what was read here stays true.
 */
@Injectable()
@WatchesMessages()
export class ChargeMessages extends MessageWatcher {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly prices: PriceCharges,
    private readonly conversations: BilledConversations,
  ) {
    super();
  }

  async queued(): Promise<void> {
    // Nothing costs before the provider says so.
  }

  async moved(): Promise<void> {
    // Nor by what becomes of it here.
  }

  async reported(messages: readonly ReportedMessage[]): Promise<void> {
    await this.conversations.keep(messages);
    const priced = messages.filter(({ entries }) => entries.some(({ pricing }) => pricing !== undefined));
    if (priced.length === 0) return;
    const known = await this.#known(priced.map(({ messageId }) => messageId));
    const changed = priced.flatMap(({ messageId, entries }): MessageCharge[] => {
      const row = known.get(messageId);
      if (!row) return [];
      const before = chargeIn(row);
      const charge = chargeOf(before, entries);
      if (!charge || (before && isSame(before, charge))) return [];
      return [{ ...charge, messageId, market: row.market ?? marketOf(row) }];
    });
    if (changed.length === 0) return;
    const rows = await this.prices.price(changed);
    await this.unitOfWork.sql.query(WRITE_CHARGES, [this.scope.tenantId, ...chargeColumns(rows)]);
  }

  /** Messages of ours, with what is known of their prices; what was written on the phone costs nothing here. */
  async #known(ids: readonly string[]): Promise<Map<string, KnownRow>> {
    const rows = await this.unitOfWork.sql.query<KnownRow>(
      `select m.id, m.address_kind, m.address, c.market, c.model, c.category, c.pricing_type, c.billable, c.conversation_id, c.at, c.pricing
       from message m left join message_charge c on c.tenant_id = m.tenant_id and c.message_id = m.id and c.message_id = any($2::uuid[])
       where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.origin = 'api'`,
      [this.scope.tenantId, ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function chargeIn(row: KnownRow): Charge | undefined {
  if (row.market === null) return undefined;
  const { model, category, pricing_type: pricingType, billable, conversation_id: conversationId, at, pricing } = row;
  return { model, category, pricingType, billable, conversationId, at, pricing };
}

function isSame(one: Charge, other: Charge): boolean {
  return (
    one.pricing === other.pricing &&
    one.conversationId === other.conversationId &&
    one.at.getTime() === other.at.getTime()
  );
}

function marketOf({ address_kind: kind, address }: KnownRow): string {
  if (kind !== 'phone' || !/^[1-9]\d{6,14}$/.test(address)) return '*';
  return PhoneNumber.parse(`+${address}`).country ?? '*';
}
