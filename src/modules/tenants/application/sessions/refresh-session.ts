import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantSuspended } from '../../../../platform/auth/auth-errors.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../../platform/http/request-context.js';
import type { Refusal } from '../../domain/refresh-family.js';
import { RefreshRefused } from '../../domain/session-errors.js';
import { StatusOfTenant } from '../tenants/status-of-tenant.js';
import { Users } from '../users/users.js';
import { OpenSession, type SessionView } from './open-session.js';
import { RefreshFamilies } from './refresh-families.js';
import { newRefreshToken, readRefreshToken, type RefreshToken } from './refresh-token.js';
import { SessionClock } from './session-clock.js';

/**
 * Exchanges a refresh token for a new pair; the old one is used up. A second use ends the session, and that end must be committed
 * although the caller is refused: so the command opens its own transaction, and throws after it. @throws RefreshRefused, TenantSuspended
 */
@OpensItsOwnTransactions()
export class RefreshSession extends Command<SessionView> {
  constructor(readonly refreshToken: string) {
    super();
  }
}

@CommandHandler(RefreshSession)
export class RefreshSessionHandler implements ICommandHandler<RefreshSession> {
  constructor(
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly families: RefreshFamilies,
    private readonly users: Users,
    private readonly sessions: OpenSession,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly requests: RequestContext,
    private readonly clock: SessionClock,
  ) {}

  async execute({ refreshToken }: RefreshSession): Promise<SessionView> {
    const token = readRefreshToken(refreshToken);
    if (!token) throw new RefreshRefused('unknown');
    const outcome = await this.scope.run(token.tenantId, () => this.unitOfWork.run(() => this.#exchange(token)));
    if (typeof outcome === 'string') throw new RefreshRefused(outcome);
    return outcome;
  }

  async #exchange(token: RefreshToken): Promise<SessionView | Refusal> {
    const family = await this.families.findForUpdate(token.id);
    if (!family) return 'unknown';
    const next = newRefreshToken(token.tenantId);
    const rotation = family.rotate(token, next, this.clock.now());
    await this.families.save(family);
    if (!rotation.rotated) {
      if (rotation.refusal === 'reused')
        await this.audit.record({ action: 'session.ended-by-reuse', subjectId: family.userId });
      return rotation.refusal;
    }
    this.requests.identify({ tenantId: token.tenantId, actor: `user:${family.userId}` });
    if ((await this.queries.execute(new StatusOfTenant())) !== 'active') throw new TenantSuspended();
    const { state } = await this.users.getForUpdate(family.userId);
    return this.sessions.view(state, family.id, next.text);
  }
}
