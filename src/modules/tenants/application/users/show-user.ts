import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { UserNotFound } from '../../domain/user-errors.js';
import { toUserView, USER_VIEW, type UserView } from './user-view.js';

/** @throws UserNotFound */
export class ShowUser extends Query<UserView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowUser)
export class ShowUserHandler implements IQueryHandler<ShowUser> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ id }: ShowUser): Promise<UserView> {
    const row = await this.unitOfWork.prisma.user.findUnique({
      where: { tenantId_id: { tenantId: this.scope.tenantId, id } },
      select: USER_VIEW,
    });
    if (!row) throw new UserNotFound();
    return toUserView(row);
  }
}
