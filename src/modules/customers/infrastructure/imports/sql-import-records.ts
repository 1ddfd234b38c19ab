import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ImportRecords } from '../../application/imports/import-records.js';
import { Contacts } from '../../application/people/contacts.js';
import type { ImportRow } from '../../domain/imports/import-row.js';
import type { KnownDue, KnownPerson, Merchant } from '../../domain/imports/known.js';

interface PersonRow {
  readonly id: string;
  readonly name: string | null;
  readonly phones: readonly string[];
  readonly kept: boolean;
  readonly reference: string | null;
  readonly language: string | null;
  readonly timezone: string | null;
  readonly paymentTermId: string | null;
  readonly currency: string;
  readonly isArchived: boolean;
}

/**
 * Contacts that rows name by phone ($2), reference ($3) or id ($4). Each name is looked up for itself (`limit 1` keeps the planner
 * from making a join of it): of a merchant whom the statistics do not know yet it expects one row, and would walk them all.
 */
const NAMED = `
  select found.id from unnest($2::text[]) as phone cross join lateral (
    select i.contact_id as id from contact_identity i where i.tenant_id = $1::uuid and i.kind = 'phone' and i.value = phone limit 1) as found
  union select found.id from unnest($3::text[]) as name cross join lateral (
    select u.id from customer u where u.tenant_id = $1::uuid and u.reference = name limit 1) as found
  union select asked from unnest($4::uuid[]) as asked`;

@Injectable()
export class SqlImportRecords extends ImportRecords {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly contacts: Contacts,
    private readonly clock: Clock,
  ) {
    super();
  }

  async merchant(): Promise<Merchant> {
    const [merchant] = await this.#query<Merchant>(
      `select t.country, t.currency, t.timezone,
         (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'dueInDays', due_in_days, 'isDefault', is_default,
            'isArchived', archived_at is not null)), '[]') from payment_term where tenant_id = t.id) as terms
       from tenant t where t.id = $1::uuid`,
    );
    if (!merchant) throw new Error('Files are of a merchant only: open the scope of one');
    return {
      ...merchant,
      terms: merchant.terms.map((term) => ({ ...term, dueInDays: term.dueInDays ?? undefined })),
    };
  }

  async lock(rows: readonly ImportRow[]): Promise<void> {
    const phones = [...new Set(given(rows, ({ phone }) => phone))].sort();
    if (phones.length > 0) await this.contacts.lockHolders(phones.map((value) => ({ kind: 'phone', value })));
    await this.#query(
      `select held.id from (select id from (${NAMED}) as named order by id) as named cross join lateral (
         select c.id from customer c where c.tenant_id = $1::uuid and c.id = named.id limit 1 for update) as held`,
      ...namesIn(rows),
    );
  }

  async people(rows: readonly ImportRow[]): Promise<readonly KnownPerson[]> {
    const found = await this.#query<PersonRow>(
      `select c.id, coalesce(c.name, c.profile_name) as name,
         array(select p.value from contact_identity p where p.tenant_id = c.tenant_id and p.contact_id = c.id and p.kind = 'phone'
           order by p.created_at, p.value) as phones,
         u.id is not null as kept, u.reference, u.language, u.timezone, u.payment_term_id as "paymentTermId",
         u.currency, u.archived_at is not null as "isArchived"
       from (${NAMED}) as named
       cross join lateral (select * from contact where tenant_id = $1::uuid and id = named.id limit 1) as c
       left join lateral (select * from customer where tenant_id = $1::uuid and id = named.id limit 1) as u on true`,
      ...namesIn(rows),
    );
    return found.map(personOf);
  }

  async dues(rows: readonly ImportRow[], customerIds: readonly string[]): Promise<readonly KnownDue[]> {
    const written = rows.flatMap(({ due }) => (due ? [due] : []));
    if (written.length === 0 || customerIds.length === 0) return [];
    const found = await this.#query<{ [K in keyof KnownDue]: KnownDue[K] | null } & Pick<KnownDue, 'id'>>(
      `select distinct d.id, d.customer_id as "customerId", d.amount_minor::float8 as "amountMinor", d.due_date::text as "dueDate",
         d.reference, d.description, d.import_key as "importKey"
       from unnest($2::uuid[]) as owner cross join lateral (
         select * from due where tenant_id = $1::uuid and customer_id = owner
           and (reference = any($3::text[]) or split_part(import_key, '|', 2) = any($4::text[]) or id = any($5::uuid[]))
         offset 0) as d`,
      customerIds,
      given(written, ({ reference }) => reference),
      given(written, ({ dueDate }) => dueDate),
      given(written, ({ id }) => id),
    );
    return found.map((due) => ({
      ...(due as KnownDue),
      reference: due.reference ?? undefined,
      description: due.description ?? undefined,
      importKey: due.importKey ?? undefined,
    }));
  }

  async add(newPeople: readonly KnownPerson[], newBooks: readonly KnownPerson[]): Promise<void> {
    const now = this.clock.now().toISOString();
    if (newPeople.length > 0) {
      await this.#query(
        `insert into contact (tenant_id, id, name, created_at, updated_at)
         select $1::uuid, id, name, $4::timestamptz, $4::timestamptz from unnest($2::uuid[], $3::text[]) as p (id, name)`,
        newPeople.map(({ id }) => id),
        newPeople.map(({ name }) => name ?? null),
        now,
      );
      // In one order, so that two imports cannot wait for each other.
      const phones = newPeople
        .flatMap(({ id, phones: own }) => own.map((phone) => ({ id, phone })))
        .sort((a, b) => (a.phone < b.phone ? -1 : 1));
      await this.#query(
        `insert into contact_identity (tenant_id, kind, value, contact_id, created_at)
         select $1::uuid, 'phone', value, contact_id, $4::timestamptz from unnest($2::text[], $3::uuid[]) as i (value, contact_id)`,
        phones.map(({ phone }) => phone),
        phones.map(({ id }) => id),
        now,
      );
    }
    const kept = [...newPeople, ...newBooks];
    if (kept.length === 0) return;
    await this.#query(
      `insert into customer (tenant_id, id, currency, reference, language, timezone, payment_term_id, created_at, updated_at)
       select $1::uuid, id, currency, reference, language, timezone, term, $8::timestamptz, $8::timestamptz
       from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[]) as c (id, currency, reference, language, timezone, term)`,
      kept.map(({ id }) => id),
      kept.map(({ books }) => books!.currency),
      ...columnsOf(kept),
      now,
    );
  }

  async change(people: readonly KnownPerson[]): Promise<void> {
    if (people.length === 0) return;
    const now = this.clock.now().toISOString();
    const ids = people.map(({ id }) => id);
    // The name that the person gave on WhatsApp stays theirs: the merchant's own is written where it differs.
    await this.#query(
      `update contact c set name = p.name, updated_at = $4::timestamptz from unnest($2::uuid[], $3::text[]) as p (id, name)
       where c.tenant_id = $1::uuid and c.id = p.id and coalesce(c.name, c.profile_name) is distinct from p.name`,
      ids,
      people.map(({ name }) => name ?? null),
      now,
    );
    await this.#query(
      `update customer u set reference = c.reference, language = c.language, timezone = c.timezone, payment_term_id = c.term,
         archived_at = null, updated_at = $7::timestamptz
       from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[]) as c (id, reference, language, timezone, term)
       where u.tenant_id = $1::uuid and u.id = c.id`,
      ids,
      ...columnsOf(people),
      now,
    );
  }

  async openDueIds(customerIds: readonly string[]): Promise<readonly string[]> {
    if (customerIds.length === 0) return [];
    const rows = await this.#query<{ id: string }>(
      `select id from due where tenant_id = $1::uuid and customer_id = any($2::uuid[]) and settled_at is null order by id`,
      customerIds,
    );
    return rows.map(({ id }) => id);
  }

  async noteKeys(keys: readonly { dueId: string; importKey: string }[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#query(
      `update due d set import_key = k.key from unnest($2::uuid[], $3::text[]) as k (id, key) where d.tenant_id = $1::uuid and d.id = k.id`,
      keys.map(({ dueId }) => dueId),
      keys.map(({ importKey }) => importKey),
    );
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}

/** The parameters of `NAMED`. */
function namesIn(rows: readonly ImportRow[]): [string[], string[], string[]] {
  return [
    given(rows, ({ phone }) => phone),
    given(rows, ({ reference }) => reference),
    given(rows, ({ customerId }) => customerId),
  ];
}

function given<Row, Value>(rows: readonly Row[], of: (row: Row) => Value | undefined): Value[] {
  return rows.flatMap((row) => of(row) ?? []);
}

function columnsOf(people: readonly KnownPerson[]): (string | null)[][] {
  return (['reference', 'language', 'timezone', 'paymentTermId'] as const).map((field) =>
    people.map(({ books }) => books?.[field] ?? null),
  );
}

function personOf({ id, name, phones, kept, currency, isArchived, ...books }: PersonRow): KnownPerson {
  return {
    id,
    name: name ?? undefined,
    phones,
    books: kept
      ? {
          currency,
          isArchived,
          reference: books.reference ?? undefined,
          language: books.language ?? undefined,
          timezone: books.timezone ?? undefined,
          paymentTermId: books.paymentTermId ?? undefined,
        }
      : undefined,
  };
}
