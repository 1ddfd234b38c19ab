import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { RefreshFamilies } from './refresh-families.js';
import { readRefreshToken, type RefreshToken } from './refresh-token.js';

/**
 * Ends the session of a refresh token, for a client whose access token has expired. Whatever is no live token is taken without a
 * word: its owner wants to be out, and is. The token names its tenant, so the command opens that scope itself.
 */
@OpensItsOwnTransactions()
export class GiveUpRefreshToken extends Command<void> {
  constructor(readonly refreshToken: string) {
    super();
  }
}

@CommandHandler(GiveUpRefreshToken)
export class GiveUpRefreshTokenHandler implements ICommandHandler<GiveUpRefreshToken> {
  constructor(
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly families: RefreshFamilies,
    private readonly audit: AuditLog,
  ) {}

  async execute({ refreshToken }: GiveUpRefreshToken): Promise<void> {
    const token = readRefreshToken(refreshToken);
    if (token) await this.scope.run(token.tenantId, () => this.unitOfWork.run(() => this.#end(token)));
  }

  async #end(token: RefreshToken): Promise<void> {
    const family = await this.families.findForUpdate(token.id);
    if (!family?.tokens.some(({ id, hash }) => id === token.id && hash === token.hash) || family.isRevoked) return;
    await this.families.revoke(family.id);
    await this.audit.record({ action: 'user.logged-out', subjectId: family.userId });
  }
}
