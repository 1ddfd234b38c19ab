import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';

/**
 * Keeps the deliveries of one order key in line: of those that are not over, the first alone has a time at which it goes. Both statements look
 * at the heads of the named lines, however long these are. Whoever calls has locked the endpoint.
 */
@Injectable()
export class DeliveryLines {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async order(endpointId: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const [given, { sql }] = [[this.scope.tenantId, endpointId, [...new Set(keys)]], this.unitOfWork];
    await sql.query(STAND_BACK, given);
    await sql.query(STEP_FORWARD, [...given, this.clock.now().toISOString()]);
  }

  /** Puts deliveries that are over into their lines again. @param which a condition on `d`, its parameters from $4 on. @returns how many */
  async repeat(endpointId: string, which: string, parameters: readonly unknown[]): Promise<number> {
    const rows = await this.unitOfWork.sql.query<{ key: string; seq: number | null }>(
      `update webhook_delivery d set state = 'pending', attempts = 0, planned_at = null, updated_at = $3::timestamptz,
         next_at = case when d.seq is null then $3::timestamptz end
       where d.tenant_id = $1::uuid and d.endpoint_id = $2::uuid and d.state in ('delivered', 'exhausted', 'cancelled') and ${which}
       returning d.order_key as key, d.seq::float8 as seq`,
      [this.scope.tenantId, endpointId, this.clock.now().toISOString(), ...parameters],
    );
    await this.order(
      endpointId,
      rows.flatMap(({ key, seq }) => (seq === null ? [] : key)),
    );
    return rows.length;
  }
}

/** The first of a line that is not over; rides webhook_delivery_line. */
const FIRST = `
  cross join lateral (
    select w.id, w.seq, w.state, w.next_at from webhook_delivery w
    where w.tenant_id = $1::uuid and w.endpoint_id = $2::uuid and w.order_key = line.order_key and w.state in ('pending', 'sending')
    order by w.seq limit 1) first`;

/** What is told again may belong before what was about to go. */
const STAND_BACK = `
  update webhook_delivery d set next_at = null
  from (
    select h.id, h.seq, h.order_key from webhook_delivery h
    where h.tenant_id = $1::uuid and h.endpoint_id = $2::uuid and h.state = 'pending' and h.next_at is not null and h.order_key = any($3::text[])
    offset 0) line ${FIRST}
  where d.tenant_id = $1::uuid and d.id = line.id and first.seq < line.seq`;

const STEP_FORWARD = `
  update webhook_delivery d set next_at = $4::timestamptz
  from unnest($3::text[]) as line (order_key) ${FIRST}
  where d.tenant_id = $1::uuid and d.id = first.id and first.state = 'pending' and first.next_at is null
    and not exists (select from webhook_delivery s
      where s.tenant_id = $1::uuid and s.endpoint_id = $2::uuid and s.state = 'sending' and s.order_key = line.order_key)`;
