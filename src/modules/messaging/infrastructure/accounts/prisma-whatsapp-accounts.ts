import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Vault } from '../../../../platform/encryption/vault.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { WhatsAppAccounts } from '../../application/accounts/whatsapp-accounts.js';
import {
  type AccountStatus,
  type NumberPurpose,
  type NumberStatus,
  WhatsAppAccount,
} from '../../domain/whatsapp-account.js';

/** Where an account's token is sealed for: it opens nowhere else. */
export function tokenPlace(accountId: string) {
  return { table: 'whatsapp_account', column: 'access_token', row: accountId };
}

/** Accounts and their numbers in PostgreSQL. Locks the account's row; the numbers are changed under that lock only. */
@Injectable()
export class PrismaWhatsAppAccounts extends WhatsAppAccounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {
    super();
  }

  async findByWaba(wabaId: string): Promise<WhatsAppAccount | undefined> {
    return (await this.#locked('select id from whatsapp_account where waba_id = $1 for update', wabaId))[0];
  }

  async findById(accountId: string): Promise<WhatsAppAccount | undefined> {
    return (await this.#locked('select id from whatsapp_account where id = $1::uuid for update', accountId))[0];
  }

  async findByNumber(phoneNumberId: string): Promise<WhatsAppAccount | undefined> {
    return (
      await this.#locked(
        'select id from whatsapp_account where (tenant_id, id) = (select tenant_id, account_id from phone_number where phone_number_id = $1) for update',
        phoneNumberId,
      )
    )[0];
  }

  connected(): Promise<WhatsAppAccount[]> {
    return this.#locked(
      `select id from whatsapp_account where status <> 'disconnected' order by connected_at, id for update`,
    );
  }

  async tokenOf({ id }: WhatsAppAccount): Promise<string | undefined> {
    const row = await this.unitOfWork.prisma.whatsappAccount.findFirst({
      where: { id },
      select: { accessToken: true },
    });
    return row?.accessToken ? this.vault.open(row.accessToken, tokenPlace(id)) : undefined;
  }

  async save(account: WhatsAppAccount): Promise<void> {
    const tenantId = this.scope.tenantId;
    const { numbers, id, ...state } = account.state;
    const { prisma } = this.unitOfWork;
    const now = this.clock.now();
    const token =
      account.newToken === undefined
        ? {}
        : { accessToken: Buffer.from(await this.vault.seal(account.newToken, tokenPlace(id))) };
    const row = {
      ...state,
      ...token,
      ...(state.status === 'disconnected' ? { accessToken: null } : {}),
      setupStatus: 'COMPLETED',
      updatedAt: now,
    };
    await prisma.whatsappAccount.upsert({
      where: { tenantId_id: { tenantId, id } },
      create: { tenantId, id, ...row },
      update: row,
    });
    for (const { phoneNumberId, createdAt, ...number } of numbers) {
      const values = { ...number, accountId: id, updatedAt: now };
      await prisma.phoneNumber.upsert({
        where: { tenantId_phoneNumberId: { tenantId, phoneNumberId } },
        create: { tenantId, phoneNumberId, createdAt, ...values },
        update: values,
      });
    }
    await this.outbox.append(account.releaseEvents());
  }

  async #locked(text: string, ...parameters: string[]): Promise<WhatsAppAccount[]> {
    const ids = (await this.unitOfWork.sql.query<{ id: string }>(text, parameters)).map(({ id }) => id);
    if (ids.length === 0) return [];
    const rows = await this.unitOfWork.prisma.whatsappAccount.findMany({
      where: { id: { in: ids } },
      omit: { accessToken: true },
      include: { phoneNumbers: { orderBy: [{ createdAt: 'asc' }, { phoneNumberId: 'asc' }] } },
      orderBy: [{ connectedAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(({ id, wabaId, businessProfileId, status, credentialVersion, connectedAt, phoneNumbers }) =>
      WhatsAppAccount.restore({
        id,
        wabaId,
        businessProfileId,
        status: status as AccountStatus,
        credentialVersion,
        connectedAt,
        numbers: phoneNumbers.map(
          ({
            phoneNumberId,
            displayPhoneNumber,
            verifiedName,
            displayName,
            areaId,
            purpose,
            status: numberStatus,
            pausedReason,
            qualityRating,
            throughput,
            createdAt,
          }) => ({
            phoneNumberId,
            displayPhoneNumber,
            verifiedName,
            displayName,
            areaId,
            purpose: purpose as NumberPurpose,
            status: numberStatus as NumberStatus,
            pausedReason,
            qualityRating,
            throughput,
            createdAt,
          }),
        ),
      }),
    );
  }
}
