import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../../platform/http/request-context.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import type { AccountChanges, DueState, NewEntry } from '../../domain/ledger/account-state.js';
import type { CustomerAccount } from '../../domain/ledger/customer-account.js';

interface OfAccount {
  readonly account: CustomerAccount;
}

/** Writes what accounts did. One statement a table, for one account or some hundred: an import writes as a payment does. */
@Injectable()
export class AccountWriter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly outbox: Outbox,
    private readonly requests: RequestContext,
    private readonly clock: Clock,
  ) {}

  async write(accounts: readonly CustomerAccount[]): Promise<void> {
    const done = accounts.map((account) => ({ account, changes: account.releaseChanges() }));
    await this.#saveBalances(accounts);
    await this.#insertDues(done.flatMap(({ account, changes }) => changes.added.map((due) => ({ account, due }))));
    await this.#updateDues(done.flatMap(({ changes }) => changes.changed));
    await this.#insertEntries(
      done.flatMap(({ account, changes }) => changes.entries.map((entry) => ({ account, entry }))),
    );
    await this.#saveAllocations(done.flatMap(({ changes }) => changes.allocations));
    await this.outbox.append(accounts.flatMap((account) => account.releaseEvents()));
  }

  async #saveBalances(accounts: readonly CustomerAccount[]): Promise<void> {
    await this.#query(
      `update customer c set balance_minor = n.balance, credit_minor = n.credit, updated_at = $5::timestamptz
       from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as n (id, balance, credit)
       where c.tenant_id = $1::uuid and c.id = n.id`,
      accounts.map(({ customerId }) => customerId),
      accounts.map(({ balance }) => balance.amountMinor),
      accounts.map(({ credit }) => credit.amountMinor),
      this.clock.now().toISOString(),
    );
  }

  async #insertDues(rows: readonly (OfAccount & { due: DueState })[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#query(
      `insert into due (tenant_id, customer_id, currency, id, amount_minor, paid_minor, written_off_minor, due_date, settled_at,
         description, reference, payment_term_id, created_at, updated_at)
       select $1::uuid, customer_id, currency, id, amount, paid, written_off, due_date, settled_at, description, reference, term,
         $13::timestamptz, $13::timestamptz
       from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::date[], $9::timestamptz[],
         $10::text[], $11::text[], $12::uuid[])
         as d (customer_id, currency, id, amount, paid, written_off, due_date, settled_at, description, reference, term)`,
      rows.map(({ account }) => account.customerId),
      rows.map(({ account }) => account.currency),
      ...columnsOf(rows.map(({ due }) => due)),
      this.clock.now().toISOString(),
    );
  }

  async #updateDues(dues: readonly DueState[]): Promise<void> {
    if (dues.length === 0) return;
    await this.#query(
      `update due d set amount_minor = n.amount, paid_minor = n.paid, written_off_minor = n.written_off, due_date = n.due_date,
         settled_at = n.settled_at, description = n.description, reference = n.reference, payment_term_id = n.term, updated_at = $11::timestamptz
       from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::date[], $7::timestamptz[], $8::text[], $9::text[], $10::uuid[])
         as n (id, amount, paid, written_off, due_date, settled_at, description, reference, term)
       where d.tenant_id = $1::uuid and d.id = n.id`,
      ...columnsOf(dues),
      this.clock.now().toISOString(),
    );
  }

  async #insertEntries(rows: readonly (OfAccount & { entry: NewEntry })[]): Promise<void> {
    if (rows.length === 0) return;
    const column = <T>(of: (entry: NewEntry) => T | undefined): (T | null)[] =>
      rows.map(({ entry }) => of(entry) ?? null);
    await this.#query(
      `insert into ledger_entry (tenant_id, customer_id, currency, id, type, amount_minor, balance_after_minor, due_id, method, reference,
         description, reverses_id, occurred_at, recorded_by)
       select $1::uuid, customer_id, currency, id, type, amount, balance, due_id, method, reference, description, reverses_id, occurred_at, $14::text
       from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[], $9::text[], $10::text[], $11::text[],
         $12::uuid[], $13::timestamptz[]) with ordinality
         as e (customer_id, currency, id, type, amount, balance, due_id, method, reference, description, reverses_id, occurred_at, n)
       order by n`,
      rows.map(({ account }) => account.customerId),
      rows.map(({ account }) => account.currency),
      column(({ id }) => id),
      column(({ type }) => type),
      column(({ amountMinor }) => amountMinor),
      column(({ balanceAfterMinor }) => balanceAfterMinor),
      column(({ dueId }) => dueId),
      column(({ method }) => method),
      column(({ reference }) => reference),
      column(({ description }) => description),
      column(({ reversesId }) => reversesId),
      column(({ occurredAt }) => occurredAt.toISOString()),
      this.requests.current?.actor ?? 'system',
    );
  }

  /** A payment that met a due before may meet it again, after a correction: the parts add up. */
  async #saveAllocations(parts: AccountChanges['allocations']): Promise<void> {
    if (parts.length === 0) return;
    await this.#query(
      `insert into payment_allocation as a (tenant_id, entry_id, due_id, amount_minor)
       select $1::uuid, entry_id, due_id, sum(amount) from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as p (entry_id, due_id, amount)
       group by entry_id, due_id
       on conflict (tenant_id, entry_id, due_id) do update set amount_minor = a.amount_minor + excluded.amount_minor`,
      parts.map(({ entryId }) => entryId),
      parts.map(({ dueId }) => dueId),
      parts.map(({ amountMinor }) => amountMinor),
    );
  }

  #query(text: string, ...parameters: unknown[]): Promise<object[]> {
    return this.unitOfWork.sql.query(text, [this.scope.tenantId, ...parameters]);
  }
}

/** Ids, amounts, dates and words of dues, a column each. */
function columnsOf(dues: readonly DueState[]): unknown[][] {
  return [
    dues.map(({ id }) => id),
    dues.map(({ amountMinor }) => amountMinor),
    dues.map(({ paidMinor }) => paidMinor),
    dues.map(({ writtenOffMinor }) => writtenOffMinor),
    dues.map(({ dueDate }) => dueDate),
    dues.map(({ settledAt }) => settledAt?.toISOString() ?? null),
    dues.map(({ description }) => description ?? null),
    dues.map(({ reference }) => reference ?? null),
    dues.map(({ paymentTermId }) => paymentTermId ?? null),
  ];
}
