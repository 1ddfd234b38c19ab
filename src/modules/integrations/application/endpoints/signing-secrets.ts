import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type Place, Vault } from '../../../../platform/encryption/vault.js';

/** How long the secret before the newest still signs. */
export const OVERLAP_MS = 24 * 60 * 60 * 1000;

/** What signs for an endpoint, in the open transaction. Kept sealed; in clear it is shown once, and lives while something is signed. */
@Injectable()
export class SigningSecrets {
  constructor(
    private readonly vault: Vault,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  /**
   * A new secret signs from now on, the one before it for 24 hours more. At most two sign at a time: changed twice, the first is worth nothing.
   * @returns the new one: `whsec_` and base64 of 32 random bytes (Standard Webhooks)
   */
  async renew(endpointId: string): Promise<string> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const [id, now] = [newId(), this.clock.now()];
    const { sql } = this.unitOfWork;
    await sql.query(
      'delete from webhook_secret where tenant_id = $1::uuid and endpoint_id = $2::uuid and ends_at is not null',
      [this.scope.tenantId, endpointId],
    );
    await sql.query(
      'update webhook_secret set ends_at = $3::timestamptz where tenant_id = $1::uuid and endpoint_id = $2::uuid',
      [this.scope.tenantId, endpointId, new Date(now.getTime() + OVERLAP_MS).toISOString()],
    );
    await sql.query(
      `insert into webhook_secret (tenant_id, id, endpoint_id, secret_enc, created_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::timestamptz)`,
      [this.scope.tenantId, id, endpointId, await this.vault.seal(secret, placeOf(id)), now.toISOString()],
    );
    return secret;
  }

  /** Those that sign now, the newest first. */
  async of(endpointId: string): Promise<readonly string[]> {
    const rows = await this.unitOfWork.sql.query<{ id: string; sealed: Uint8Array }>(
      `select id, secret_enc as sealed from webhook_secret
       where tenant_id = $1::uuid and endpoint_id = $2::uuid and (ends_at is null or ends_at > $3::timestamptz) order by ends_at nulls first`,
      [this.scope.tenantId, endpointId, this.clock.now().toISOString()],
    );
    const secrets: string[] = [];
    for (const { id, sealed } of rows) secrets.push(await this.vault.open(sealed, placeOf(id)));
    return secrets;
  }
}

function placeOf(row: string): Place {
  return { table: 'webhook_secret', column: 'secret_enc', row };
}
