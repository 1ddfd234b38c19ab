import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { newId } from '../../kernel/ids.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { SealBroken } from './aead.js';
import { KeyEncryption } from './key-encryption.js';

export interface DataKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

interface Row {
  id: string;
  kek_id: string;
  wrapped_key: Uint8Array;
}

/** A data key never changes; it is forgotten so that a process does not hold the keys of all tenants for ever. */
const REMEMBERED_MS = 5 * 60_000;
const REMEMBERED = 2000;

/** The data keys of tenants: made when first needed, kept wrapped, remembered in clear for minutes. */
@Injectable()
export class DataKeys {
  readonly #remembered = new Map<string, { key: DataKey; until: number }>();
  /** By tenant, the id of the key that seals. */
  readonly #sealing = new Map<string, string>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly keyEncryption: KeyEncryption,
  ) {}

  /** The key that seals for the current tenant. */
  async current(): Promise<DataKey> {
    const tenantId = this.scope.tenantId;
    const known = this.#recall(this.#sealing.get(tenantId));
    if (known) return known;
    return this.unitOfWork.runSql(async () => {
      const row = (await this.#oldest()) ?? (await this.#make());
      const key = await this.#unwrap(row);
      // Only a committed key may be remembered: what it seals must not outlive it.
      this.unitOfWork.afterCommit(() => {
        this.#remember(key);
        this.#sealing.set(tenantId, key.id);
      });
      return key;
    });
  }

  /** @throws SealBroken when the current tenant has no such key */
  async byId(id: string): Promise<DataKey> {
    const known = this.#recall(id);
    if (known) return known;
    return this.unitOfWork.runSql(async (sql) => {
      const rows = await sql.query<Row>(
        'select id, kek_id, wrapped_key from tenant_data_key where tenant_id = $1::uuid and id = $2::uuid',
        [this.scope.tenantId, id],
      );
      if (!rows[0]) throw new SealBroken();
      const key = await this.#unwrap(rows[0]);
      this.unitOfWork.afterCommit(() => this.#remember(key));
      return key;
    });
  }

  /** Wraps the current tenant's keys with the ring's first key. What they seal stays as it is, so this may run at any time. @returns how many */
  async rewrap(): Promise<number> {
    return this.unitOfWork.runSql(async (sql) => {
      const rows = await sql.query<Row>(
        'select id, kek_id, wrapped_key from tenant_data_key where tenant_id = $1::uuid and kek_id <> $2 for update',
        [this.scope.tenantId, this.keyEncryption.currentKekId],
      );
      for (const row of rows) {
        const { id, bytes } = await this.#unwrap(row);
        const { kekId, wrapped } = await this.keyEncryption.wrap(bytes, this.#contextOf(id));
        await sql.query(
          'update tenant_data_key set kek_id = $3, wrapped_key = $4 where tenant_id = $1::uuid and id = $2::uuid',
          [this.scope.tenantId, id, kekId, wrapped],
        );
      }
      return rows.length;
    });
  }

  async #oldest(): Promise<Row | undefined> {
    const rows = await this.unitOfWork.sql.query<Row>(
      'select id, kek_id, wrapped_key from tenant_data_key where tenant_id = $1::uuid order by created_at, id limit 1',
      [this.scope.tenantId],
    );
    return rows[0];
  }

  /** Two first seals at once make one key: the second waits, and finds it. */
  async #make(): Promise<Row> {
    const tenantId = this.scope.tenantId;
    const { sql } = this.unitOfWork;
    await sql.query(`select pg_advisory_xact_lock(hashtextextended('data-key:' || $1, 0))::text`, [tenantId]);
    const made = await this.#oldest();
    if (made) return made;
    const id = newId();
    const { kekId, wrapped } = await this.keyEncryption.wrap(randomBytes(32), this.#contextOf(id));
    await sql.query(
      'insert into tenant_data_key (tenant_id, id, kek_id, wrapped_key, created_at) values ($1::uuid, $2::uuid, $3, $4, now())',
      [tenantId, id, kekId, wrapped],
    );
    return { id, kek_id: kekId, wrapped_key: wrapped };
  }

  async #unwrap(row: Row): Promise<DataKey> {
    const bytes = await this.keyEncryption.unwrap(
      { kekId: row.kek_id, wrapped: row.wrapped_key },
      this.#contextOf(row.id),
    );
    return { id: row.id, bytes };
  }

  #contextOf(dataKeyId: string): { tenantId: string; dataKeyId: string } {
    return { tenantId: this.scope.tenantId, dataKeyId };
  }

  #recall(id: string | undefined): DataKey | undefined {
    const found = id === undefined ? undefined : this.#remembered.get(this.#nameOf(id));
    return found && found.until > performance.now() ? found.key : undefined;
  }

  #remember(key: DataKey): void {
    const name = this.#nameOf(key.id);
    this.#remembered.delete(name);
    this.#remembered.set(name, { key, until: performance.now() + REMEMBERED_MS });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > REMEMBERED && !oldest.done) this.#remembered.delete(oldest.value);
  }

  /** With the tenant, so that a key remembered for one is unknown to all others. */
  #nameOf(id: string): string {
    return `${this.scope.tenantId}:${id}`;
  }
}
