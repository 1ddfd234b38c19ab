import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Contacts, type Sighting } from '../../application/people/contacts.js';
import type { Identity, IdentityKind } from '../../domain/identity.js';
import type { KnownContact } from '../../domain/identity-resolution.js';

/**
 * Who holds any of the identities $2, $3: one look-up each, also of hundreds (`limit 1` keeps the planner from a join, for which it
 * would walk all identities of a merchant whom the statistics do not know yet).
 */
const HOLDERS = `
  select held.contact_id as id from unnest($2::text[], $3::text[]) as named (kind, value) cross join lateral (
    select i.contact_id from contact_identity i
    where i.tenant_id = $1::uuid and i.kind = named.kind and i.value = named.value limit 1) as held`;

/** Contacts in PostgreSQL. Each inbound message passes here, so a known sender costs one statement. */
@Injectable()
export class SqlContacts extends Contacts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A sighting that comes late does not bring an old profile name back. */
  async noteSeen(identities: readonly Identity[], { seenAt, profileName }: Sighting): Promise<string | undefined> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `update contact c set
         profile_name = case when c.last_seen_at is null or c.last_seen_at <= $4::timestamptz then coalesce($5::text, c.profile_name) else c.profile_name end,
         last_seen_at = greatest(c.last_seen_at, $4::timestamptz),
         updated_at = $6::timestamptz
       from (
         select min(contact_id::text)::uuid as id from contact_identity
         where tenant_id = $1::uuid and (kind, value) in (select * from unnest($2::text[], $3::text[]))
         having count(*) = cardinality($2::text[]) and count(distinct contact_id) = 1) as holder
       where c.tenant_id = $1::uuid and c.id = holder.id and c.merged_into_id is null
       returning c.id`,
      [...this.#named(identities), seenAt.toISOString(), profileName ?? null, this.clock.now().toISOString()],
    );
    return rows[0]?.id;
  }

  async lockHolders(identities: readonly Identity[]): Promise<KnownContact[]> {
    // Locks by hash, because an identity that nobody has yet has no row to lock; in order, so that two senders cannot wait for each other.
    await this.unitOfWork.sql.query(
      `select pg_advisory_xact_lock(key)::text from (
         select distinct hashtextextended($1::text || kind || value, 0) as key from unnest($2::text[], $3::text[]) as i (kind, value) order by key) as keys`,
      this.#named(identities),
    );
    await this.unitOfWork.sql.query(
      `select c.id from (select distinct id from (${HOLDERS}) as h order by id) as holder cross join lateral (
         select id from contact where tenant_id = $1::uuid and id = holder.id limit 1 for update) as c`,
      this.#named(identities),
    );
    // A statement of its own: it must see what the holders of the locks have committed.
    const rows = await this.unitOfWork.sql.query<{ id: string; kind: IdentityKind; value: string }>(
      `select i.contact_id as id, i.kind, i.value from (select distinct id from (${HOLDERS}) as h) as holder cross join lateral (
         select * from contact_identity where tenant_id = $1::uuid and contact_id = holder.id offset 0) as i
       order by i.contact_id, i.created_at, i.kind`,
      this.#named(identities),
    );
    const holders = new Map<string, Identity[]>();
    for (const { id, kind, value } of rows) holders.set(id, [...(holders.get(id) ?? []), { kind, value }]);
    return [...holders].map(([id, own]) => ({ id, identities: own }));
  }

  async add(contactId: string, sighting?: Sighting): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into contact (tenant_id, id, profile_name, last_seen_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::timestamptz, $5::timestamptz)`,
      [
        this.scope.tenantId,
        contactId,
        sighting?.profileName ?? null,
        sighting?.seenAt.toISOString() ?? null,
        this.clock.now().toISOString(),
      ],
    );
  }

  async give(contactId: string, identities: readonly Identity[]): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into contact_identity (tenant_id, kind, value, contact_id, created_at)
       select $1::uuid, kind, value, $4::uuid, $5::timestamptz from unnest($2::text[], $3::text[]) as i (kind, value)
       on conflict (tenant_id, kind, value) do update set contact_id = excluded.contact_id, created_at = excluded.created_at`,
      [...this.#named(identities), contactId, this.clock.now().toISOString()],
    );
  }

  async remove(contactId: string, identities: readonly Identity[]): Promise<void> {
    await this.unitOfWork.sql.query(
      `delete from contact_identity
       where tenant_id = $1::uuid and contact_id = $4::uuid and (kind, value) in (select * from unnest($2::text[], $3::text[]))`,
      [...this.#named(identities), contactId],
    );
  }

  async rename(contactId: string, name: string | null): Promise<void> {
    await this.unitOfWork.sql.query(
      'update contact set name = $3::text, updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid',
      [this.scope.tenantId, contactId, name, this.clock.now().toISOString()],
    );
  }

  async nameUnnamed(contactId: string, name: string): Promise<boolean> {
    const named = await this.unitOfWork.sql.query(
      'update contact set name = $3::text, updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid and name is null returning id',
      [this.scope.tenantId, contactId, name, this.clock.now().toISOString()],
    );
    return named.length > 0;
  }

  async absorb(survivorId: string, absorbedIds: readonly string[]): Promise<void> {
    const parameters = [this.scope.tenantId, survivorId, absorbedIds];
    await this.unitOfWork.sql.query(
      `update contact_identity set contact_id = $2::uuid where tenant_id = $1::uuid and contact_id = any($3::uuid[])`,
      parameters,
    );
    // The contacts that an absorbed one had absorbed before point to the survivor too: a read follows one step, never a chain.
    await this.unitOfWork.sql.query(
      `update contact set merged_into_id = $2::uuid, updated_at = $4::timestamptz
       where tenant_id = $1::uuid and (id = any($3::uuid[]) or merged_into_id = any($3::uuid[]))`,
      [...parameters, this.clock.now().toISOString()],
    );
    await this.unitOfWork.sql.query(
      `update contact c set name = coalesce(c.name, a.name), profile_name = coalesce(c.profile_name, a.profile_name),
         last_seen_at = greatest(c.last_seen_at, a.last_seen_at)
       from (select max(name) as name, (array_agg(profile_name order by last_seen_at desc nulls last))[1] as profile_name, max(last_seen_at) as last_seen_at
         from contact where tenant_id = $1::uuid and id = any($3::uuid[])) as a
       where c.tenant_id = $1::uuid and c.id = $2::uuid`,
      parameters,
    );
  }

  /** Tenant, kinds, values: the first three parameters of most statements. */
  #named(identities: readonly Identity[]): [string, string[], string[]] {
    return [this.scope.tenantId, identities.map(({ kind }) => kind), identities.map(({ value }) => value)];
  }
}
