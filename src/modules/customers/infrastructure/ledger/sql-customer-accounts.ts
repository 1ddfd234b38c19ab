import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { CustomerAccounts } from '../../application/ledger/customer-accounts.js';
import type { AccountState, DueState, RecordedPayment } from '../../domain/ledger/account-state.js';
import { CustomerAccount } from '../../domain/ledger/customer-account.js';
import { CustomerNotFound, DueNotFound, PaymentNotFound } from '../../domain/ledger/ledger-errors.js';
import { AccountWriter } from './account-writer.js';

type Locked = Omit<AccountState, 'dues' | 'unspent'>;
type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };

const REVERSED = `exists (select 1 from ledger_entry r where r.tenant_id = e.tenant_id and r.reverses_id = e.id)`;

/** Books in PostgreSQL: read behind the lock of the customer's row, one statement a table for one account or some hundred. */
@Injectable()
export class SqlCustomerAccounts extends CustomerAccounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly writer: AccountWriter,
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

  save(accounts: readonly CustomerAccount[]): Promise<void> {
    return this.writer.write(accounts);
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

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
