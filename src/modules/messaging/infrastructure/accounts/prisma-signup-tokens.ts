import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Vault } from '../../../../platform/encryption/vault.js';
import { SignupTokens } from '../../application/accounts/whatsapp-accounts.js';

const KEPT_FOR = 60 * 60 * 1000;

/** Sealed tokens by the digest of their code; those of signups that were never finished go with the next one. */
@Injectable()
export class PrismaSignupTokens extends SignupTokens {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(code: string): Promise<string | undefined> {
    const digest = digestOf(code);
    const row = await this.unitOfWork.prisma.signupToken.findFirst({ where: { code: digest } });
    return row ? this.vault.open(row.accessToken, placeOf(digest)) : undefined;
  }

  async keep(code: string, accessToken: string): Promise<void> {
    const digest = digestOf(code);
    const now = this.clock.now();
    const { prisma } = this.unitOfWork;
    await prisma.signupToken.deleteMany({ where: { exchangedAt: { lt: new Date(now.getTime() - KEPT_FOR) } } });
    const row = { accessToken: Buffer.from(await this.vault.seal(accessToken, placeOf(digest))), exchangedAt: now };
    const tenantId = this.scope.tenantId;
    await prisma.signupToken.upsert({
      where: { tenantId_code: { tenantId, code: digest } },
      create: { tenantId, code: digest, ...row },
      update: row,
    });
  }

  async forget(code: string): Promise<void> {
    await this.unitOfWork.prisma.signupToken.deleteMany({ where: { code: digestOf(code) } });
  }
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function placeOf(digest: string) {
  return { table: 'signup_token', column: 'access_token', row: digest };
}
