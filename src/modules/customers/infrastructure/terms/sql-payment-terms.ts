import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { PAYMENT_TERM_ROWS, type PaymentTermView } from '../../application/terms/payment-term-view.js';
import { PaymentTerms } from '../../application/terms/payment-terms.js';
import {
  PaymentTermNameTaken,
  PaymentTermNotFound,
  UnknownPaymentTerm,
} from '../../domain/terms/payment-term-errors.js';

@Injectable()
export class SqlPaymentTerms extends PaymentTerms {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async save(term: PaymentTermView): Promise<void> {
    // Two who change terms at once wait for each other here: a name and the default are one row's only.
    await this.#query(`select pg_advisory_xact_lock(hashtextextended('payment_term' || $1::text, 0))::text`);
    const [taken] = await this.#query(
      `select id from payment_term where tenant_id = $1::uuid and name = $2::text and id <> $3::uuid`,
      term.name,
      term.id,
    );
    if (taken) throw new PaymentTermNameTaken();
    if (term.isDefault)
      await this.#query(
        `update payment_term set is_default = false where tenant_id = $1::uuid and is_default and id <> $2::uuid`,
        term.id,
      );
    await this.#query(
      `insert into payment_term (tenant_id, id, name, due_in_days, reminder_offsets, overdue_steps, send_at, is_default, archived_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::text, $4::int, $5::int[], $6::int[], $7::text, $8::boolean, $9::timestamptz, $10::timestamptz, $11::timestamptz)
       on conflict (tenant_id, id) do update set name = excluded.name, due_in_days = excluded.due_in_days, reminder_offsets = excluded.reminder_offsets,
         overdue_steps = excluded.overdue_steps, send_at = excluded.send_at, is_default = excluded.is_default, archived_at = excluded.archived_at,
         updated_at = excluded.updated_at`,
      term.id,
      term.name,
      term.dueInDays,
      [...term.reminderOffsets],
      [...term.overdueSteps],
      term.sendAt,
      term.isDefault,
      term.archivedAt?.toISOString() ?? null,
      term.createdAt.toISOString(),
      this.clock.now().toISOString(),
    );
  }

  async getForUpdate(id: string): Promise<PaymentTermView> {
    const [row] = await this.#query<PaymentTermView>(`${PAYMENT_TERM_ROWS} and id = $2::uuid for update`, id);
    if (!row) throw new PaymentTermNotFound();
    return row;
  }

  async mustExist(id: string): Promise<void> {
    const [row] = await this.#query(
      `select id from payment_term where tenant_id = $1::uuid and id = $2::uuid and archived_at is null`,
      id,
    );
    if (!row) throw new UnknownPaymentTerm();
  }

  async dueTimeOf(
    customerId: string,
    paymentTermId: string | undefined,
  ): Promise<{ dueInDays: number | undefined; zone: string }> {
    const [row] = await this.#query<{ dueInDays: number | null; zone: string }>(
      `select coalesce(c.timezone, t.timezone) as zone, (
         select p.due_in_days from payment_term p
         where p.tenant_id = c.tenant_id and p.id = coalesce($3::uuid, c.payment_term_id,
           (select d.id from payment_term d where d.tenant_id = c.tenant_id and d.is_default))) as "dueInDays"
       from customer c join tenant t on t.id = c.tenant_id where c.tenant_id = $1::uuid and c.id = $2::uuid`,
      customerId,
      paymentTermId ?? null,
    );
    if (!row) throw new Error('The term of a customer whose books are not locked');
    return { dueInDays: row.dueInDays ?? undefined, zone: row.zone };
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
