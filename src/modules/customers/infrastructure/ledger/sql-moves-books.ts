import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { CustomerAccounts } from '../../application/ledger/customer-accounts.js';
import { DuePlans } from '../../application/ledger/due-plans.js';
import { BooksFollowers, MovesBooks } from '../../application/ledger/moves-books.js';

interface Books {
  id: string;
  currency: string;
  isEmpty: boolean;
}

@Injectable()
export class SqlMovesBooks extends MovesBooks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly accounts: CustomerAccounts,
    private readonly followers: BooksFollowers,
    private readonly plans: DuePlans,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  async move(absorbedIds: readonly string[], survivorId: string): Promise<void> {
    const ids = [...absorbedIds, survivorId];
    await this.#query(
      `select id from customer where tenant_id = $1::uuid and id = any($2::uuid[]) order by id for update`,
      ids,
    );
    // A statement of its own: it must see what the holders of the locks have committed.
    const books = await this.#query<Books>(
      `select c.id, c.currency, not exists (select 1 from ledger_entry e where e.tenant_id = c.tenant_id and e.customer_id = c.id) as "isEmpty"
       from customer c where c.tenant_id = $1::uuid and c.id = any($2::uuid[]) order by c.id`,
      ids,
    );
    const absorbed = books.filter(({ id }) => id !== survivorId);
    if (absorbed.length === 0) return;
    let survivor = books.find(({ id }) => id === survivorId) ?? (await this.#open(survivorId, absorbed[0]!));
    let moved = 0;
    for (const other of absorbed) {
      if (other.currency !== survivor.currency && !other.isEmpty && !survivor.isEmpty) {
        await this.audit.record({
          action: 'customer.books-kept-apart',
          subjectId: other.id,
          details: { survivorId, currencies: [survivor.currency, other.currency] },
        });
        continue;
      }
      await this.#moveOne(other, survivor);
      if (survivor.isEmpty) survivor = { ...other, id: survivorId };
      moved++;
    }
    if (moved === 0) return;
    await this.#addUp(survivorId);
    const account = await this.accounts.getForUpdate(survivorId);
    account.settleWithCredit(this.clock.now());
    const open = await this.#query<{ id: string }>(
      `select id from due where tenant_id = $1::uuid and customer_id = $2::uuid and settled_at is null order by id`,
      survivorId,
    );
    await this.accounts.save([account]);
    await this.plans.plan(open.map(({ id }) => id));
  }

  async #open(survivorId: string, { currency }: Books): Promise<Books> {
    await this.#query(
      `insert into customer (tenant_id, id, currency, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::text, $4::timestamptz, $4::timestamptz)`,
      survivorId,
      currency,
      this.clock.now().toISOString(),
    );
    return { id: survivorId, currency, isEmpty: true };
  }

  async #moveOne(from: Books, to: Books): Promise<void> {
    // A reference names one due or payment of a customer: where both have it, the newcomer's says whose it was.
    await this.#query(
      `update due d set reference = d.reference || ' ~' || left($2::text, 8) where d.tenant_id = $1::uuid and d.customer_id = $2::uuid
         and exists (select 1 from due o where o.tenant_id = d.tenant_id and o.customer_id = $3::uuid and o.reference = d.reference)`,
      from.id,
      to.id,
    );
    await this.#query(
      `update ledger_entry d set reference = d.reference || ' ~' || left($2::text, 8)
       where d.tenant_id = $1::uuid and d.customer_id = $2::uuid and d.type = 'PAYMENT' and exists (
         select 1 from ledger_entry o where o.tenant_id = d.tenant_id and o.customer_id = $3::uuid and o.type = 'PAYMENT' and o.reference = d.reference)`,
      from.id,
      to.id,
    );
    for (const table of ['due', 'ledger_entry', 'consent_event'])
      await this.#query(
        `update ${table} set customer_id = $3::uuid where tenant_id = $1::uuid and customer_id = $2::uuid`,
        from.id,
        to.id,
      );
    await this.followers.move(from.id, to.id);
    const [left] = await this.#query<Record<string, string | Date | null>>(
      `delete from customer where tenant_id = $1::uuid and id = $2::uuid
       returning reference, language, timezone, payment_term_id, feedback, last_interaction_at, last_reminder_at, opted_out_at, archived_at`,
      from.id,
    );
    const text = (column: string): string | null => {
      const value = left?.[column] ?? null;
      return value instanceof Date ? value.toISOString() : value;
    };
    await this.#query(
      `update customer set reference = coalesce(reference, $3::text), language = coalesce(language, $4::text), timezone = coalesce(timezone, $5::text),
         payment_term_id = coalesce(payment_term_id, $6::uuid),
         feedback = case when last_interaction_at is null or last_interaction_at < $8::timestamptz then coalesce($7::text, feedback) else feedback end,
         last_interaction_at = greatest(last_interaction_at, $8::timestamptz), last_reminder_at = greatest(last_reminder_at, $9::timestamptz),
         opted_out_at = least(opted_out_at, $10::timestamptz),
         archived_at = case when $11::timestamptz is null then null else archived_at end, currency = $12::text
       where tenant_id = $1::uuid and id = $2::uuid`,
      to.id,
      text('reference'),
      text('language'),
      text('timezone'),
      text('payment_term_id'),
      text('feedback'),
      text('last_interaction_at'),
      text('last_reminder_at'),
      text('opted_out_at'),
      text('archived_at'),
      to.isEmpty ? from.currency : to.currency,
    );
  }

  /** The lines of both stand in the order in which they were written, so the balance after each is another. */
  async #addUp(customerId: string): Promise<void> {
    await this.#query(
      `update ledger_entry e set balance_after_minor = n.balance
       from (select id, sum(amount_minor) over (order by seq) as balance from ledger_entry where tenant_id = $1::uuid and customer_id = $2::uuid) n
       where e.tenant_id = $1::uuid and e.id = n.id`,
      customerId,
    );
    await this.#query(
      `update customer c set balance_minor = s.balance, credit_minor = s.owed - s.balance, updated_at = $3::timestamptz
       from (select coalesce((select sum(amount_minor) from ledger_entry where tenant_id = $1::uuid and customer_id = $2::uuid), 0) as balance,
               coalesce((select sum(amount_minor - paid_minor - written_off_minor) from due where tenant_id = $1::uuid and customer_id = $2::uuid), 0) as owed) s
       where c.tenant_id = $1::uuid and c.id = $2::uuid`,
      customerId,
      this.clock.now().toISOString(),
    );
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
