import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { RefreshFamilies } from '../application/sessions/refresh-families.js';
import { SessionClock } from '../application/sessions/session-clock.js';
import { RefreshFamily } from '../domain/refresh-family.js';

@Injectable()
export class PrismaRefreshFamilies extends RefreshFamilies {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: SessionClock,
  ) {
    super();
  }

  /** The lock is on the presented token's row: two uses of one token meet there. */
  async findForUpdate(tokenId: string): Promise<RefreshFamily | undefined> {
    const { tenantId } = this.scope;
    const locked = await this.unitOfWork.sql.query<{ family_id: string; user_id: string }>(
      'select family_id, user_id from refresh_token where tenant_id = $1::uuid and id = $2::uuid for update',
      [tenantId, tokenId],
    );
    if (!locked[0]) return undefined;
    const { family_id: familyId, user_id: userId } = locked[0];
    const rows = await this.unitOfWork.prisma.refreshToken.findMany({ where: { tenantId, familyId } });
    return RefreshFamily.restore(
      familyId,
      userId,
      rows.map(({ id, tokenHash, expiresAt, usedAt, revokedAt }) => ({
        id,
        hash: Buffer.from(tokenHash).toString('hex'),
        expiresAt,
        usedAt,
        revokedAt,
      })),
    );
  }

  async save(family: RefreshFamily): Promise<void> {
    const { tenantId } = this.scope;
    for (const { id, hash, expiresAt, usedAt, revokedAt } of family.tokens) {
      const fixed = {
        tenantId,
        id,
        userId: family.userId,
        familyId: family.id,
        tokenHash: Buffer.from(hash, 'hex'),
        createdAt: this.clock.now(),
        expiresAt,
      };
      await this.unitOfWork.prisma.refreshToken.upsert({
        where: { tenantId_id: { tenantId, id } },
        create: { ...fixed, usedAt, revokedAt },
        update: { usedAt, revokedAt },
      });
    }
  }

  async revoke(familyId: string): Promise<void> {
    await this.#revoke({ familyId });
  }

  async revokeAllOf(userId: string): Promise<void> {
    await this.#revoke({ userId });
  }

  async forgetExpired(userId: string): Promise<void> {
    await this.unitOfWork.prisma.refreshToken.deleteMany({
      where: { tenantId: this.scope.tenantId, userId, expiresAt: { lt: this.clock.now() } },
    });
  }

  async #revoke(whose: { familyId: string } | { userId: string }): Promise<void> {
    await this.unitOfWork.prisma.refreshToken.updateMany({
      where: { tenantId: this.scope.tenantId, revokedAt: null, ...whose },
      data: { revokedAt: this.clock.now() },
    });
  }
}
