import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  CUSTOMER_ROWS,
  type CustomerRow,
  type CustomerView,
  toCustomerView,
} from '../../application/people/customer-view.js';
import { type CustomerProfile, Customers } from '../../application/people/customers.js';
import { ContactNotFound } from '../../domain/contact-errors.js';
import { CustomerNotFound, CustomerReferenceUsed } from '../../domain/ledger/ledger-errors.js';

@Injectable()
export class SqlCustomers extends Customers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async keepBooksOn(contactId: string): Promise<string> {
    if ((await this.stateOf(contactId)) !== 'none') return contactId;
    // Held until the end: a contact that is absorbed meanwhile would take its books along unseen.
    const alive = `select id from contact where tenant_id = $1::uuid and id = $2::uuid and merged_into_id is null for key share`;
    const [contact] = await this.#query<{ id: string }>(alive, contactId);
    if (!contact) {
      const [absorbed] = await this.#query<{ id: string }>(
        `select merged_into_id as id from contact where tenant_id = $1::uuid and id = $2::uuid`,
        contactId,
      );
      if (!absorbed) throw new ContactNotFound();
      return this.keepBooksOn(absorbed.id);
    }
    await this.#query(
      `insert into customer (tenant_id, id, currency, created_at, updated_at)
       select $1::uuid, $2::uuid, currency, $3::timestamptz, $3::timestamptz from tenant where id = $1::uuid
       on conflict (tenant_id, id) do nothing`,
      contactId,
      this.#now,
    );
    return contactId;
  }

  async stateOf(contactId: string): Promise<'none' | 'kept' | 'archived'> {
    const [row] = await this.#query<{ archived: boolean }>(
      `select archived_at is not null as archived from customer where tenant_id = $1::uuid and id = $2::uuid`,
      contactId,
    );
    return row ? (row.archived ? 'archived' : 'kept') : 'none';
  }

  async getForUpdate(customerId: string): Promise<CustomerView> {
    return toCustomerView(await this.#row(customerId, 'for update of c'));
  }

  async find(customerId: string): Promise<CustomerView> {
    return toCustomerView(await this.#row(customerId, ''));
  }

  async change(customerId: string, profile: CustomerProfile): Promise<void> {
    const { name, reference, language, timezone, paymentTermId } = profile;
    if (reference) {
      // Two who give it at once wait for each other here.
      await this.#query(
        `select pg_advisory_xact_lock(hashtextextended('customer ' || $1::text || $2::text, 0))::text`,
        reference,
      );
      const [holder] = await this.#query<{ id: string }>(
        `select id from customer where tenant_id = $1::uuid and reference = $2::text and id <> $3::uuid`,
        reference,
        customerId,
      );
      if (holder) throw new CustomerReferenceUsed(holder.id);
    }
    if (name !== undefined)
      await this.#query(
        `update contact set name = $3::text, updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid`,
        customerId,
        name,
        this.#now,
      );
    await this.#query(
      `update customer set
         reference = case when $3::boolean then $4::text else reference end,
         language = case when $5::boolean then $6::text else language end,
         timezone = case when $7::boolean then $8::text else timezone end,
         payment_term_id = case when $9::boolean then $10::uuid else payment_term_id end,
         updated_at = $11::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      customerId,
      ...[reference, language, timezone, paymentTermId].flatMap((value) => [value !== undefined, value ?? null]),
      this.#now,
    );
  }

  async archive(customerId: string): Promise<void> {
    await this.#setArchived(customerId, this.#now);
  }

  async unarchive(customerId: string): Promise<void> {
    await this.#setArchived(customerId, null);
  }

  async openDueIds(customerId: string): Promise<readonly string[]> {
    const rows = await this.#query<{ id: string }>(
      `select id from due where tenant_id = $1::uuid and customer_id = $2::uuid and settled_at is null order by id`,
      customerId,
    );
    return rows.map(({ id }) => id);
  }

  async homeCountry(): Promise<string> {
    const [row] = await this.#query<{ country: string }>(`select country from tenant where id = $1::uuid`);
    if (!row) throw new Error('There are customers of a merchant only: open the scope of one');
    return row.country;
  }

  /** Books that a merge left where they were, in another currency, are found under their own id. */
  async #row(customerId: string, lock: '' | 'for update of c'): Promise<CustomerRow> {
    const [own] = await this.#query<CustomerRow>(`${CUSTOMER_ROWS} and c.id = $2::uuid ${lock}`, customerId);
    if (own) return own;
    const [survivor] = await this.#query<CustomerRow>(
      `${CUSTOMER_ROWS} and c.id = (select merged_into_id from contact where tenant_id = $1::uuid and id = $2::uuid) ${lock}`,
      customerId,
    );
    if (!survivor) throw new CustomerNotFound();
    return survivor;
  }

  async #setArchived(customerId: string, at: string | null): Promise<void> {
    await this.#query(
      `update customer set archived_at = $3::timestamptz, updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid`,
      customerId,
      at,
      this.#now,
    );
  }

  get #now(): string {
    return this.clock.now().toISOString();
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
