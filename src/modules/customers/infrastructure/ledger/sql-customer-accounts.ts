import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../../platform/http/request-context.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { CustomerAccounts } from '../../application/ledger/customer-accounts.js';
import {
  type AccountState,
  CustomerAccount,
  type DueState,
  type RecordedPayment,
} from '../../domain/ledger/customer-account.js';
import { CustomerNotFound, DueNotFound, PaymentNotFound } from '../../domain/ledger/ledger-errors.js';

type Locked = Omit<AccountState, 'dues' | 'unspent'>;
type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };

const REVERSED = `exists (select 1 from ledger_entry r where r.tenant_id = e.tenant_id and r.reverses_id = e.id)`;

/** Books in PostgreSQL. One statement a table, for one account or some hundred: an import writes as a payment does. */
@Injectable()
export class SqlCustomerAccounts extends CustomerAccounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly outbox: Outbox,
    private readonly requests: RequestContext,
    private readonly clock: Clock,
  ) {
    super();
  }

  async lock(customerId: string): Promise<string> {
    const locked = (await this.#lock([customerId])).get(customerId);
    if (!locked) throw new CustomerNotFound();
    return locked.customerId;
  }

  async getForUpdate(customerId: string, dueIds: readonly string[] = []): Promise<CustomerAccount> {
    const account = (await this.getManyForUpdate([customerId], dueIds)).get(customerId);
    if (!account) throw new CustomerNotFound();
    return account;
  }

  async getManyForUpdate(
    customerIds: readonly string[],
    dueIds: readonly string[] = [],
  ): Promise<ReadonlyMap<string, CustomerAccount>> {
    const locked = await this.#lock(customerIds);
    const books = new Map([...locked.values()].map((state) => [state.customerId, state]));
    const dues = await this.#dues([...books.keys()], dueIds);
    const inCredit = [...books.values()].filter(({ creditMinor }) => creditMinor > 0);
    const unspent = await this.#unspent(inCredit.map(({ customerId }) => customerId));
    const accounts = new Map(
      [...books].map(([id, state]) => [
        id,
        CustomerAccount.restore({ ...state, dues: dues.get(id) ?? [], unspent: unspent.get(id) ?? [] }),
      ]),
    );
    return new Map([...locked].map(([asked, { customerId }]) => [asked, accounts.get(customerId)!]));
  }

  async customerOfDue(dueId: string): Promise<string> {
    const [row] = await this.#query<{ id: string }>(
      `select customer_id as id from due where tenant_id = $1::uuid and id = $2::uuid`,
      dueId,
    );
    if (!row) throw new DueNotFound();
    return row.id;
  }

  async customerOfPayment(paymentId: string): Promise<string> {
    const [row] = await this.#query<{ id: string }>(
      `select customer_id as id from ledger_entry where tenant_id = $1::uuid and id = $2::uuid and type = 'PAYMENT'`,
      paymentId,
    );
    if (!row) throw new PaymentNotFound();
    return row.id;
  }

  async payment(paymentId: string): Promise<RecordedPayment> {
    const [row] = await this.#query<RecordedPayment>(
      `select e.id, -e.amount_minor::float8 as "amountMinor", ${REVERSED} as "isReversed",
         coalesce((select jsonb_agg(jsonb_build_object('dueId', a.due_id, 'amountMinor', a.amount_minor) order by a.due_id)
           from payment_allocation a where a.tenant_id = e.tenant_id and a.entry_id = e.id), '[]'::jsonb) as allocations
       from ledger_entry e where e.tenant_id = $1::uuid and e.id = $2::uuid and e.type = 'PAYMENT'`,
      paymentId,
    );
    if (!row) throw new PaymentNotFound();
    return row;
  }

  async paymentReferredTo(customerId: string, reference: string): Promise<string | undefined> {
    const [row] = await this.#query<{ id: string }>(
      `select id from ledger_entry where tenant_id = $1::uuid and customer_id = $2::uuid and type = 'PAYMENT' and reference = $3::text`,
      customerId,
      reference,
    );
    return row?.id;
  }

  async duesReferredTo(
    wanted: readonly { customerId: string; reference: string }[],
  ): Promise<readonly { customerId: string; reference: string; dueId: string }[]> {
    if (wanted.length === 0) return [];
    return this.#query(
      `select d.customer_id as "customerId", d.reference, d.id as "dueId"
       from unnest($2::uuid[], $3::text[]) as w (customer_id, reference)
       join due d on d.tenant_id = $1::uuid and d.customer_id = w.customer_id and d.reference = w.reference`,
      wanted.map(({ customerId }) => customerId),
      wanted.map(({ reference }) => reference),
    );
  }

  async save(accounts: readonly CustomerAccount[]): Promise<void> {
    const done = accounts.map((account) => ({ account, changes: account.releaseChanges() }));
    const of = <T, O>(rows: (changes: (typeof done)[number]['changes']) => readonly T[], as: (row: T) => O) =>
      done.flatMap(({ account, changes }) => rows(changes).map((row) => ({ account, ...as(row) })));
    await this.#saveBalances(accounts);
    await this.#insertDues(
      of(
        ({ added }) => added,
        (due) => due,
      ),
    );
    await this.#updateDues(
      of(
        ({ changed }) => changed,
        (due) => due,
      ),
    );
    await this.#insertEntries(
      of(
        ({ entries }) => entries,
        (entry) => ({ entry }),
      ),
    );
    await this.#saveAllocations(done.flatMap(({ changes }) => changes.allocations));
    await this.outbox.append(accounts.flatMap((account) => account.releaseEvents()));
  }

  /** In the order of ids, so that two who lock many cannot wait for each other. A row that a merge removed meanwhile is its survivor's. */
  async #lock(customerIds: readonly string[]): Promise<Map<string, Locked>> {
    const lock = async (ids: readonly string[]): Promise<Map<string, Locked>> => {
      const rows = await this.#query<Locked>(
        `select id as "customerId", currency, balance_minor::float8 as "balanceMinor", credit_minor::float8 as "creditMinor",
           archived_at is not null as "isArchived"
         from customer where tenant_id = $1::uuid and id = any($2::uuid[]) order by id for update`,
        ids,
      );
      return new Map(rows.map((row) => [row.customerId, row]));
    };
    const locked = await lock(customerIds);
    const missing = customerIds.filter((id) => !locked.has(id));
    if (missing.length === 0) return locked;
    const absorbed = await this.#query<{ id: string; survivorId: string }>(
      `select id, merged_into_id as "survivorId" from contact
       where tenant_id = $1::uuid and id = any($2::uuid[]) and merged_into_id is not null`,
      missing,
    );
    const survivors = await lock([...new Set(absorbed.map(({ survivorId }) => survivorId))]);
    for (const { id, survivorId } of absorbed) {
      const survivor = survivors.get(survivorId);
      if (survivor) locked.set(id, survivor);
    }
    return locked;
  }

  async #dues(customerIds: readonly string[], dueIds: readonly string[]): Promise<Map<string, DueState[]>> {
    const rows = await this.#query<Nullable<DueState> & { customerId: string }>(
      `select customer_id as "customerId", id, amount_minor::float8 as "amountMinor", paid_minor::float8 as "paidMinor",
         written_off_minor::float8 as "writtenOffMinor", due_date::text as "dueDate", description, reference,
         payment_term_id as "paymentTermId", settled_at as "settledAt"
       from due where tenant_id = $1::uuid and customer_id = any($2::uuid[]) and (settled_at is null or id = any($3::uuid[]))
       order by due_date, id`,
      customerIds,
      dueIds,
    );
    const dues = new Map<string, DueState[]>();
    for (const { customerId, ...row } of rows) {
      const { description, reference, paymentTermId, settledAt, ...due } = row;
      const state = {
        ...due,
        description: description ?? undefined,
        reference: reference ?? undefined,
        paymentTermId: paymentTermId ?? undefined,
        settledAt: settledAt ?? undefined,
      };
      dues.set(customerId, [...(dues.get(customerId) ?? []), state]);
    }
    return dues;
  }

  async #unspent(customerIds: readonly string[]): Promise<Map<string, { paymentId: string; restMinor: number }[]>> {
    const unspent = new Map<string, { paymentId: string; restMinor: number }[]>();
    if (customerIds.length === 0) return unspent;
    const rows = await this.#query<{ customerId: string; paymentId: string; restMinor: number }>(
      `select e.customer_id as "customerId", e.id as "paymentId", (-e.amount_minor - coalesce(sum(a.amount_minor), 0))::float8 as "restMinor"
       from ledger_entry e left join payment_allocation a on a.tenant_id = e.tenant_id and a.entry_id = e.id
       where e.tenant_id = $1::uuid and e.customer_id = any($2::uuid[]) and e.type = 'PAYMENT' and not ${REVERSED}
       group by e.tenant_id, e.id having -e.amount_minor > coalesce(sum(a.amount_minor), 0) order by e.seq`,
      customerIds,
    );
    for (const { customerId, ...rest } of rows) unspent.set(customerId, [...(unspent.get(customerId) ?? []), rest]);
    return unspent;
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

  async #insertDues(dues: readonly (DueState & { account: CustomerAccount })[]): Promise<void> {
    if (dues.length === 0) return;
    await this.#query(
      `insert into due (tenant_id, customer_id, currency, id, amount_minor, paid_minor, written_off_minor, due_date, settled_at,
         description, reference, payment_term_id, created_at, updated_at)
       select $1::uuid, customer_id, currency, id, amount, paid, written_off, due_date, settled_at, description, reference, term,
         $13::timestamptz, $13::timestamptz
       from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::date[], $9::timestamptz[],
         $10::text[], $11::text[], $12::uuid[])
         as d (customer_id, currency, id, amount, paid, written_off, due_date, settled_at, description, reference, term)`,
      dues.map(({ account }) => account.customerId),
      dues.map(({ account }) => account.currency),
      ...columnsOf(dues),
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

  async #insertEntries(
    rows: readonly {
      account: CustomerAccount;
      entry: ReturnType<CustomerAccount['releaseChanges']>['entries'][number];
    }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const column = <T>(of: (entry: (typeof rows)[number]['entry']) => T | undefined): (T | null)[] =>
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
  async #saveAllocations(parts: readonly { entryId: string; dueId: string; amountMinor: number }[]): Promise<void> {
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

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
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
