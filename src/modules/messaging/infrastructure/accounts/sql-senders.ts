import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Vault } from '../../../../platform/encryption/vault.js';
import { WhatsAppAccounts } from '../../application/accounts/whatsapp-accounts.js';
import { Senders } from '../../application/outbound/senders.js';
import type { Sender } from '../../application/outbound/whatsapp.js';
import { tokenPlace } from './prisma-whatsapp-accounts.js';

interface SenderRow {
  status: string;
  throughput: number;
  account_id: string;
  account_status: string;
  credential_version: number;
  access_token: Uint8Array | null;
}

const TOKENS_KEPT = 10_000;

/**
 * The row is read each time, so that a pause or a disconnection takes effect at the next batch; only the opened token is kept,
 * under the version that it was sealed with.
 */
@Injectable()
export class SqlSenders extends Senders {
  readonly #tokens = new Map<string, { version: number; token: string }>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly vault: Vault,
    private readonly accounts: WhatsAppAccounts,
  ) {
    super();
  }

  async find(phoneNumberId: string): ReturnType<Senders['find']> {
    const row = await this.#row(phoneNumberId);
    if (!row) return { unable: 'unknown' };
    if (row.status === 'disconnected' || row.account_status === 'disconnected' || !row.access_token)
      return { unable: 'disconnected' };
    if (row.account_status === 'credential_refused') return { unable: 'credential' };
    if (row.status === 'paused') return { unable: 'paused' };
    return { sender: await this.#sender(phoneNumberId, row, row.access_token), throughput: row.throughput };
  }

  async findReader(phoneNumberId: string): Promise<Sender | undefined> {
    const row = await this.#row(phoneNumberId);
    const isConnected = row?.status !== 'disconnected' && row?.account_status === 'connected';
    return isConnected && row.access_token ? this.#sender(phoneNumberId, row, row.access_token) : undefined;
  }

  async refuseCredential(accountId: string, credentialVersion: number, reason: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.findById(accountId);
      if (!account) return;
      account.refuseCredential(credentialVersion, reason);
      await this.accounts.save(account);
    });
    this.#tokens.delete(accountId);
  }

  async pause(phoneNumberId: string, reason: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.findByNumber(phoneNumberId);
      if (!account) return;
      account.pauseNumber(phoneNumberId, reason);
      await this.accounts.save(account);
    });
  }

  async #row(phoneNumberId: string): Promise<SenderRow | undefined> {
    const [row] = await this.unitOfWork.runSql((sql) =>
      sql.query<SenderRow>(
        `select n.status, n.throughput, a.id as account_id, a.status as account_status, a.credential_version, a.access_token
         from phone_number n join whatsapp_account a on a.tenant_id = n.tenant_id and a.id = n.account_id where n.phone_number_id = $1`,
        [phoneNumberId],
      ),
    );
    return row;
  }

  async #sender(phoneNumberId: string, row: SenderRow, sealed: Uint8Array): Promise<Sender> {
    return {
      tenantId: this.scope.tenantId,
      phoneNumberId,
      accountId: row.account_id,
      accessToken: await this.#open(row.account_id, row.credential_version, sealed),
      credentialVersion: row.credential_version,
    };
  }

  async #open(accountId: string, version: number, sealed: Uint8Array): Promise<string> {
    const known = this.#tokens.get(accountId);
    if (known?.version === version) return known.token;
    const token = await this.vault.open(sealed, tokenPlace(accountId));
    if (this.#tokens.size >= TOKENS_KEPT) this.#tokens.clear();
    this.#tokens.set(accountId, { version, token });
    return token;
  }
}
