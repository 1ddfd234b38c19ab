import { Injectable } from '@nestjs/common';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Place, Vault } from '../encryption/vault.js';

/** An answer as it was given the first time. */
export interface Answer {
  readonly status: number;
  /** What the handler returned; undefined where there was no body. */
  readonly body: unknown;
}

/** A use of an Idempotency-Key: still without an answer while its request runs, or after its process died. */
export interface StoredUse {
  readonly fingerprint: Buffer;
  readonly status: number | null;
  readonly body: string | null;
  readonly leaseIsOver: boolean;
}

/** Seconds after which a request that reserved its key and never answered is taken for dead. */
const LEASE_SECONDS = 120;

/**
 * Uses of Idempotency-Keys, one row each, in the open transaction of the tenant. An answer may hold what is shown once (a new
 * API key's secret), so it is kept encrypted, bound to its tenant, key and request.
 */
@Injectable()
export class StoredAnswers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly vault: Vault,
  ) {}

  /** Keeps the key for the open transaction. @returns false when another request holds it at this moment */
  async lock(key: string): Promise<boolean> {
    const rows = await this.unitOfWork.sql.query<{ mine: boolean }>(
      'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
      [`idempotency:${this.scope.tenantId}:${key}`],
    );
    return rows[0]!.mine;
  }

  async find(key: string): Promise<StoredUse | undefined> {
    const rows = await this.unitOfWork.sql.query<{
      fingerprint: Uint8Array;
      status: number | null;
      sealed: string | null;
      over: boolean;
    }>(
      `select fingerprint, status, body #>> '{}' as sealed, created_at < now() - make_interval(secs => ${LEASE_SECONDS}) as over
       from idempotency_key where tenant_id = $1::uuid and key = $2`,
      [this.scope.tenantId, key],
    );
    const row = rows[0];
    return (
      row && { fingerprint: Buffer.from(row.fingerprint), status: row.status, body: row.sealed, leaseIsOver: row.over }
    );
  }

  /** Notes that a request with this key has begun. @returns when, which names this use */
  async reserve(key: string, fingerprint: Buffer): Promise<Date> {
    const rows = await this.unitOfWork.sql.query<{ created_at: Date }>(
      `insert into idempotency_key (tenant_id, key, fingerprint, created_at) values ($1::uuid, $2, $3, clock_timestamp())
       on conflict (tenant_id, key) do update set fingerprint = excluded.fingerprint, status = null, body = null, created_at = excluded.created_at
       returning created_at`,
      [this.scope.tenantId, key, fingerprint],
    );
    return rows[0]!.created_at;
  }

  /** Keeps the answer of the use that began at `reservedAt`, unless another request has taken the key over since. */
  async settle(key: string, fingerprint: Buffer, reservedAt: Date, { status, body }: Answer): Promise<void> {
    const sealed = await this.vault.seal(body === undefined ? '' : JSON.stringify(body), placeOf(key, fingerprint));
    await this.unitOfWork.sql.query(
      `update idempotency_key set status = $4::int, body = to_jsonb($5::text)
       where tenant_id = $1::uuid and key = $2 and created_at = $3::timestamptz`,
      [this.scope.tenantId, key, reservedAt.toISOString(), status, Buffer.from(sealed).toString('base64url')],
    );
  }

  /** Forgets a use that came to nothing, so that the same key may be tried again. */
  async forget(key: string, reservedAt: Date): Promise<void> {
    await this.unitOfWork.sql.query(
      `delete from idempotency_key where tenant_id = $1::uuid and key = $2 and created_at = $3::timestamptz and status is null`,
      [this.scope.tenantId, key, reservedAt.toISOString()],
    );
  }

  /** @throws SealBroken when the row was tampered with */
  async open(key: string, { fingerprint, body }: StoredUse): Promise<unknown> {
    const text = await this.vault.open(Buffer.from(body ?? '', 'base64url'), placeOf(key, fingerprint));
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** An answer opens for the request that it was given to, and for no other. */
function placeOf(key: string, fingerprint: Buffer): Place {
  return { table: 'idempotency_key', column: 'body', row: `${fingerprint.toString('hex')} ${key}` };
}
