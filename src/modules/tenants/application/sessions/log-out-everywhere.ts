import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Users } from '../users/users.js';
import { RefreshFamilies } from './refresh-families.js';

/** Ends all sessions of a user at once. @throws UserNotFound */
export class LogOutEverywhere extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(LogOutEverywhere)
export class LogOutEverywhereHandler implements ICommandHandler<LogOutEverywhere> {
  constructor(
    private readonly users: Users,
    private readonly families: RefreshFamilies,
    private readonly audit: AuditLog,
  ) {}

  async execute({ userId }: LogOutEverywhere): Promise<void> {
    const user = await this.users.getForUpdate(userId);
    user.endAccess();
    await this.users.save(user);
    await this.families.revokeAllOf(userId);
    await this.audit.record({ action: 'user.logged-out-everywhere', subjectId: userId });
  }
}
