import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Role, type Scope, scopesOf } from '../../../../kernel/access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { Areas } from '../areas/areas.js';
import { ShowUser } from './show-user.js';
import type { UserView } from './user-view.js';
import { Users } from './users.js';

export interface UserChanges {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  /** Ids or names of areas; replaces the former ones. */
  readonly areas?: readonly string[] | undefined;
}

/** @throws UserNotFound, LastAdmin, UnknownAreas, UnknownWord, ExceedsOwnPower */
export class ChangeUser extends Command<UserView> {
  constructor(
    readonly id: string,
    readonly changes: UserChanges,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(ChangeUser)
export class ChangeUserHandler implements ICommandHandler<ChangeUser> {
  constructor(
    private readonly users: Users,
    private readonly areas: Areas,
    private readonly audit: AuditLog,
    private readonly queries: Queries,
  ) {}

  async execute({ id, changes: { name, role, areas }, power }: ChangeUser): Promise<UserView> {
    const otherAdmins = await this.users.otherActiveAdmins(id);
    const user = await this.users.getForUpdate(id);
    givesNoMoreThan(power, scopesOf(user.state.role));
    if (name !== undefined) user.rename(name);
    if (areas !== undefined) user.workIn(await this.areas.idsOf(areas));
    if (role !== undefined) {
      givesNoMoreThan(power, scopesOf(role));
      user.changeRole(role, otherAdmins);
    }
    await this.users.save(user);
    await this.audit.record({ action: 'user.changed', subjectId: id, details: { name, role, areas } });
    return this.queries.execute(new ShowUser(id));
  }
}
