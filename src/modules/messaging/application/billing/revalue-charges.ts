import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { instantsOf } from './period.js';
import { type MessageCharge, PriceCharges } from './price-charges.js';

/**
 * Values the charges of some days again, because a rate card came late or was wrong. Batches of their own transactions: after a crash those
 * done are done, and the same call does the rest. @returns how many charges were looked at @throws InvalidPeriod
 */
@OpensItsOwnTransactions()
export class RevalueCharges extends Command<{ charges: number }> {
  constructor(
    readonly from: CalendarDate,
    readonly to: CalendarDate,
  ) {
    super();
  }
}

const BATCH = 2000;

interface Row {
  message_id: string;
  conversation_id: string | null;
  model: string;
  category: string;
  pricing_type: string | null;
  billable: boolean;
  market: string;
  at: Date;
}

@CommandHandler(RevalueCharges)
export class RevalueChargesHandler implements ICommandHandler<RevalueCharges> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly prices: PriceCharges,
  ) {}

  async execute({ from, to }: RevalueCharges): Promise<{ charges: number }> {
    const { start, end } = instantsOf(from, to, await this.#zone());
    let charges = 0;
    let after = { at: start.toISOString(), messageId: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const batch = await this.unitOfWork.runSql(() => this.#some(after, end));
      charges += batch.length;
      const last = batch.at(-1);
      if (batch.length < BATCH || !last) return { charges };
      after = { at: last.at.toISOString(), messageId: last.message_id };
    }
  }

  async #zone(): Promise<string> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<{ timezone: string }>('select timezone from tenant where id = $1::uuid', [this.scope.tenantId]),
    );
    return rows[0]?.timezone ?? 'UTC';
  }

  async #some(after: { at: string; messageId: string }, end: Date): Promise<Row[]> {
    const { sql } = this.unitOfWork;
    // Locked, so that a status that changes a charge meanwhile comes after, with the new price.
    const rows = await sql.query<Row>(
      `select message_id, conversation_id, model, category, pricing_type, billable, market, at from message_charge
       where tenant_id = $1::uuid and (at, message_id) > ($2::timestamptz, $3::uuid) and at < $4::timestamptz
       order by at, message_id limit ${BATCH} for update`,
      [this.scope.tenantId, after.at, after.messageId, end.toISOString()],
    );
    const priced = await this.prices.price(rows.map(toCharge));
    await sql.query(
      `update message_charge c set cost_micros = p.cost_micros, currency = p.currency, rate_card_id = p.rate_card_id
       from unnest($2::uuid[], $3::bigint[], $4::text[], $5::uuid[]) as p (message_id, cost_micros, currency, rate_card_id)
       where c.tenant_id = $1::uuid and c.message_id = p.message_id
         and (c.cost_micros, c.currency, c.rate_card_id) is distinct from (p.cost_micros, p.currency, p.rate_card_id)`,
      [
        this.scope.tenantId,
        priced.map(({ messageId }) => messageId),
        priced.map(({ costMicros }) => costMicros),
        priced.map(({ currency }) => currency),
        priced.map(({ rateCardId }) => rateCardId),
      ],
    );
    return rows;
  }
}

function toCharge(row: Row): MessageCharge {
  const { message_id: messageId, conversation_id: conversationId, pricing_type: pricingType, ...rest } = row;
  return { ...rest, messageId, conversationId, pricingType, pricing: {} };
}
