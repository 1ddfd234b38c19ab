import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Role, type Scope, scopesOf } from '../../../../kernel/access.js';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { givesNoMoreThan } from '../../domain/power.js';
import { checkPassword } from '../../domain/password-policy.js';
import { User } from '../../domain/user.js';
import { Areas } from '../areas/areas.js';
import { Passwords } from './passwords.js';
import { ShowUser } from './show-user.js';
import type { UserView } from './user-view.js';
import { Users } from './users.js';

export interface NewColleague {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
  /** Ids or names of areas. */
  readonly areas: readonly string[];
}

/** @throws UnknownWord, PasswordRefused, UnknownAreas, EmailTaken, ExceedsOwnPower */
export class CreateUser extends Command<UserView> {
  constructor(
    readonly colleague: NewColleague,
    readonly power: ReadonlySet<Scope>,
  ) {
    super();
  }
}

@CommandHandler(CreateUser)
export class CreateUserHandler implements ICommandHandler<CreateUser> {
  constructor(
    private readonly users: Users,
    private readonly areas: Areas,
    private readonly passwords: Passwords,
    private readonly audit: AuditLog,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {}

  async execute({ colleague, power }: CreateUser): Promise<UserView> {
    const { email, name, password, role } = colleague;
    givesNoMoreThan(power, scopesOf(role));
    checkPassword(password, { email, name });
    const areaIds = await this.areas.idsOf(colleague.areas);
    const user = User.create(
      { id: newId(), email, name, role, areaIds },
      await this.passwords.hash(password),
      this.clock.now(),
    );
    await this.users.add(user);
    await this.audit.record({ action: 'user.created', subjectId: user.state.id, details: { role, areaIds } });
    return this.queries.execute(new ShowUser(user.state.id));
  }
}
