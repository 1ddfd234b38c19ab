import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Scope, scopesOf } from '../../../../kernel/access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { ShowUser } from './show-user.js';
import type { UserView } from './user-view.js';
import { Users } from './users.js';

/** Lets a disabled user log in again. @throws UserNotFound, ExceedsOwnPower */
export class EnableUser extends Command<UserView> {
  constructor(
    readonly id: string,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(EnableUser)
export class EnableUserHandler implements ICommandHandler<EnableUser> {
  constructor(
    private readonly users: Users,
    private readonly audit: AuditLog,
    private readonly queries: Queries,
  ) {}

  async execute({ id, power }: EnableUser): Promise<UserView> {
    const user = await this.users.getForUpdate(id);
    givesNoMoreThan(power, scopesOf(user.state.role));
    user.enable();
    await this.users.save(user);
    await this.audit.record({ action: 'user.enabled', subjectId: id });
    return this.queries.execute(new ShowUser(id));
  }
}
