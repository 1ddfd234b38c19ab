import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { checkPassword } from '../../domain/password-policy.js';
import { WrongPassword } from '../../domain/user-errors.js';
import { Passwords } from '../users/passwords.js';
import { Users } from '../users/users.js';
import { OpenSession, type SessionView } from './open-session.js';
import { RefreshFamilies } from './refresh-families.js';

/** Ends all sessions of the user and begins a new one for the caller. @throws WrongPassword, PasswordRefused */
export class ChangeOwnPassword extends Command<SessionView> {
  constructor(
    readonly userId: string,
    readonly currentPassword: string,
    readonly newPassword: string,
  ) {
    super();
  }
}

@CommandHandler(ChangeOwnPassword)
export class ChangeOwnPasswordHandler implements ICommandHandler<ChangeOwnPassword> {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly families: RefreshFamilies,
    private readonly sessions: OpenSession,
    private readonly audit: AuditLog,
  ) {}

  async execute({ userId, currentPassword, newPassword }: ChangeOwnPassword): Promise<SessionView> {
    const user = await this.users.getForUpdate(userId);
    if (!(await this.passwords.matches(currentPassword, user.state.passwordHash))) throw new WrongPassword();
    checkPassword(newPassword, user.state);
    user.changePassword(await this.passwords.hash(newPassword));
    await this.users.save(user);
    await this.families.revokeAllOf(userId);
    await this.audit.record({ action: 'user.password-changed', subjectId: userId });
    return this.sessions.begin(user.state);
  }
}
