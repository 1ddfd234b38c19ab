import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantSuspended } from '../../../../platform/auth/auth-errors.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantDirectory } from '../../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../../platform/http/request-context.js';
import { InvalidCredentials, UserIsDisabled } from '../../domain/user-errors.js';
import type { UserState } from '../../domain/user.js';
import { StatusOfTenant } from '../tenants/status-of-tenant.js';
import { Passwords } from '../users/passwords.js';
import { Users } from '../users/users.js';
import { OpenSession, type SessionView } from './open-session.js';

/**
 * Begins a session. An unknown e-mail address does the same work as a wrong password, and gets the same answer.
 * The password is checked between two transactions, because it takes long on purpose; the second looks again whether it still
 * is the password. A crash in between leaves nothing. @throws InvalidCredentials, UserIsDisabled, TenantSuspended
 */
@OpensItsOwnTransactions()
export class LogIn extends Command<SessionView> {
  constructor(
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(LogIn)
export class LogInHandler implements ICommandHandler<LogIn> {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly sessions: OpenSession,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly requests: RequestContext,
    private readonly clock: Clock,
  ) {}

  async execute({ email, password }: LogIn): Promise<SessionView> {
    const address = email.normalize('NFKC').trim().toLowerCase();
    // Until the log-in has named its tenant nobody's scope is open; a stranger is looked for among the platform's users: there are none.
    const tenant = (await this.directory.find('login', TenantDirectory.digest(address))) ?? PLATFORM;
    return this.scope.run(tenant, async () => {
      const known = await this.unitOfWork.run(() => this.users.findByEmail(address));
      const right = await this.passwords.matches(password, known?.state.passwordHash);
      if (!known || !right) throw new InvalidCredentials();
      this.requests.identify({ tenantId: tenant, actor: `user:${known.state.id}` });
      return this.unitOfWork.run(() => this.#begin(known.state));
    });
  }

  async #begin({ id, passwordHash }: UserState): Promise<SessionView> {
    const user = await this.users.getForUpdate(id);
    if (user.state.passwordHash !== passwordHash) throw new InvalidCredentials();
    if (user.state.status === 'disabled') throw new UserIsDisabled();
    if ((await this.queries.execute(new StatusOfTenant())) !== 'active') throw new TenantSuspended();
    user.loggedIn(this.clock.now());
    await this.users.save(user);
    await this.audit.record({ action: 'user.logged-in', subjectId: id });
    return this.sessions.begin(user.state);
  }
}
