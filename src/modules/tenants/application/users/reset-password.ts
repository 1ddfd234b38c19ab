import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Scope, scopesOf } from '../../../../kernel/access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { checkPassword } from '../../domain/password-policy.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { RefreshFamilies } from '../sessions/refresh-families.js';
import { Passwords } from './passwords.js';
import { Users } from './users.js';

/** Gives a user who forgot it a new password; all of the user's sessions end. @throws UserNotFound, PasswordRefused, ExceedsOwnPower */
export class ResetPassword extends Command<void> {
  constructor(
    readonly id: string,
    readonly newPassword: string,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword> {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly families: RefreshFamilies,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id, newPassword, power }: ResetPassword): Promise<void> {
    const user = await this.users.getForUpdate(id);
    givesNoMoreThan(power, scopesOf(user.state.role));
    checkPassword(newPassword, user.state);
    user.changePassword(await this.passwords.hash(newPassword));
    await this.users.save(user);
    await this.families.revokeAllOf(id);
    await this.audit.record({ action: 'user.password-reset', subjectId: id });
  }
}
