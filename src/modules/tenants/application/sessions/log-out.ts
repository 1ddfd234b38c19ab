import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { RefreshFamilies } from './refresh-families.js';

/** Ends one session: its refresh token and, with the commit, its access tokens (ASVS 7.4.1). */
export class LogOut extends Command<void> {
  constructor(
    readonly userId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(LogOut)
export class LogOutHandler implements ICommandHandler<LogOut> {
  constructor(
    private readonly families: RefreshFamilies,
    private readonly audit: AuditLog,
  ) {}

  async execute({ userId, sessionId }: LogOut): Promise<void> {
    await this.families.revoke(sessionId);
    await this.audit.record({ action: 'user.logged-out', subjectId: userId });
  }
}
