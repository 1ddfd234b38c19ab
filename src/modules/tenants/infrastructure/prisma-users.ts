import { Injectable } from '@nestjs/common';
import type { Role } from '../../../kernel/access.js';
import { Clock } from '../../../kernel/clock.js';
import { TenantDirectory } from '../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Outbox } from '../../../platform/outbox/outbox.js';
import { Users } from '../application/users/users.js';
import { EmailTaken, UserNotFound } from '../domain/user-errors.js';
import { User, type UserState, type UserStatus } from '../domain/user.js';

const WITH_AREAS = { areas: { select: { areaId: true }, orderBy: { areaId: 'asc' } } } as const;

interface UserRow extends Omit<UserState, 'role' | 'status' | 'areaIds'> {
  readonly role: string;
  readonly status: string;
  readonly areas: readonly { readonly areaId: string }[];
}

@Injectable()
export class PrismaUsers extends Users {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly directory: TenantDirectory,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {
    super();
  }

  async add(user: User): Promise<void> {
    const { tenantId } = this.scope;
    const { areaIds, ...state } = user.state;
    // The claim makes a second claimer of the same address wait, so that afterwards it finds the user.
    const claimed = await this.directory.claim('login', TenantDirectory.digest(state.email), tenantId);
    if (!claimed || (await this.findByEmail(state.email))) throw new EmailTaken();
    const { prisma } = this.unitOfWork;
    await prisma.user.create({ data: { ...state, tenantId, updatedAt: this.clock.now() } });
    await prisma.userArea.createMany({ data: areaIds.map((areaId) => ({ tenantId, userId: state.id, areaId })) });
    await this.outbox.append(user.releaseEvents());
  }

  async getForUpdate(id: string): Promise<User> {
    const { tenantId } = this.scope;
    await this.unitOfWork.sql.query(
      'select 1 as one from app_user where tenant_id = $1::uuid and id = $2::uuid for update',
      [tenantId, id],
    );
    const row = await this.unitOfWork.prisma.user.findUnique({
      where: { tenantId_id: { tenantId, id } },
      include: WITH_AREAS,
    });
    if (!row) throw new UserNotFound();
    return restore(row);
  }

  async save(user: User): Promise<void> {
    const { tenantId } = this.scope;
    const { id, areaIds, createdAt: _, ...state } = user.state;
    const { prisma } = this.unitOfWork;
    await prisma.user.update({
      where: { tenantId_id: { tenantId, id } },
      data: { ...state, updatedAt: this.clock.now() },
    });
    await prisma.userArea.deleteMany({ where: { tenantId, userId: id, areaId: { notIn: [...areaIds] } } });
    await prisma.userArea.createMany({
      data: areaIds.map((areaId) => ({ tenantId, userId: id, areaId })),
      skipDuplicates: true,
    });
    await this.outbox.append(user.releaseEvents());
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.unitOfWork.prisma.user.findUnique({
      where: { tenantId_email: { tenantId: this.scope.tenantId, email } },
      include: WITH_AREAS,
    });
    return row ? restore(row) : undefined;
  }

  async otherActiveAdmins(id: string): Promise<number> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(
      `select id from app_user where tenant_id = $1::uuid and role = 'ADMIN' and status = 'active' order by id for update`,
      [this.scope.tenantId],
    );
    return rows.filter((row) => row.id !== id).length;
  }
}

function restore({
  id,
  email,
  name,
  passwordHash,
  role,
  status,
  sessionVersion,
  areas,
  lastLoginAt,
  createdAt,
}: UserRow): User {
  return User.restore({
    id,
    email,
    name,
    passwordHash,
    role: role as Role,
    status: status as UserStatus,
    sessionVersion,
    areaIds: areas.map(({ areaId }) => areaId),
    lastLoginAt,
    createdAt,
  });
}
