import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Scope, scopesOf } from '../../../../kernel/access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { RefreshFamilies } from '../sessions/refresh-families.js';
import { ShowUser } from './show-user.js';
import type { UserView } from './user-view.js';
import { Users } from './users.js';

/** Ends a user's access with the commit: access tokens and refresh tokens (ASVS 7.4.2). @throws UserNotFound, LastAdmin, ExceedsOwnPower */
export class DisableUser extends Command<UserView> {
  constructor(
    readonly id: string,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(DisableUser)
export class DisableUserHandler implements ICommandHandler<DisableUser> {
  constructor(
    private readonly users: Users,
    private readonly families: RefreshFamilies,
    private readonly audit: AuditLog,
    private readonly queries: Queries,
  ) {}

  async execute({ id, power }: DisableUser): Promise<UserView> {
    const otherAdmins = await this.users.otherActiveAdmins(id);
    const user = await this.users.getForUpdate(id);
    givesNoMoreThan(power, scopesOf(user.state.role));
    user.disable(otherAdmins);
    await this.users.save(user);
    await this.families.revokeAllOf(id);
    await this.audit.record({ action: 'user.disabled', subjectId: id });
    return this.queries.execute(new ShowUser(id));
  }
}
