import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tenantId, type TenantId } from '../../kernel/ids.js';
import { UnitOfWork } from './unit-of-work.js';

export type DirectoryKind = 'phone_number' | 'waba' | 'login' | 'api_key';

/** Which tenant an identifier of the outside world belongs to: the only question that may be asked before a scope is open. */
@Injectable()
export class TenantDirectory {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** E-mail addresses and secrets are kept as digests only. */
  static digest(value: string): string {
    return createHash('sha256').update(value).digest('hex');
  }

  async find(kind: DirectoryKind, key: string): Promise<TenantId | undefined> {
    return (await this.findMany(kind, [key])).get(key);
  }

  async findMany(kind: DirectoryKind, keys: readonly string[]): Promise<Map<string, TenantId>> {
    if (keys.length === 0) return new Map();
    const { rows } = await this.unitOfWork.pool.query<{ key: string; tenant_id: string }>(
      'select key, tenant_id from tenant_directory where kind = $1 and key = any($2)',
      [kind, keys],
    );
    return new Map(rows.map((row) => [row.key, tenantId(row.tenant_id)]));
  }

  /** Claims `key` for the tenant in the open transaction. @returns false when another tenant has it */
  async claim(kind: DirectoryKind, key: string, tenant: TenantId): Promise<boolean> {
    const rows = await this.unitOfWork.sql.query<{ mine: boolean }>(
      `insert into tenant_directory (kind, key, tenant_id) values ($1, $2, $3::uuid)
       on conflict (kind, key) do update set tenant_id = tenant_directory.tenant_id
       returning tenant_id = $3::uuid as mine`,
      [kind, key, tenant],
    );
    return rows[0]!.mine;
  }

  async release(kind: DirectoryKind, key: string, tenant: TenantId): Promise<void> {
    await this.unitOfWork.sql.query(
      'delete from tenant_directory where kind = $1 and key = $2 and tenant_id = $3::uuid',
      [kind, key, tenant],
    );
  }
}
