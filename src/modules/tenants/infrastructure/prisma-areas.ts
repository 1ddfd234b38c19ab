import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { isForeignKeyViolation, isUniqueViolation } from '../../../platform/database/database-errors.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Areas, type AreaView } from '../application/areas/areas.js';
import { AreaInUse, AreaNameTaken, AreaNotFound, UnknownAreas } from '../domain/area-errors.js';

const VIEW = { id: true, name: true, createdAt: true } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Injectable()
export class PrismaAreas extends Areas {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async add(area: AreaView): Promise<void> {
    await this.unitOfWork.prisma.area.create({ data: { ...area, tenantId: this.scope.tenantId } }).catch(nameTaken);
  }

  async rename(id: string, name: string): Promise<AreaView> {
    await this.#mustExist(id);
    return this.unitOfWork.prisma.area.update({ where: this.#key(id), data: { name }, select: VIEW }).catch(nameTaken);
  }

  async remove(id: string): Promise<void> {
    await this.#mustExist(id);
    await this.unitOfWork.prisma.area.delete({ where: this.#key(id) }).catch((error: unknown) => {
      throw isForeignKeyViolation(error) ? new AreaInUse() : error;
    });
  }

  async idsOf(idsOrNames: readonly string[]): Promise<string[]> {
    if (idsOrNames.length === 0) return [];
    const asked = [...new Set(idsOrNames)];
    const found = await this.unitOfWork.prisma.area.findMany({
      where: {
        tenantId: this.scope.tenantId,
        OR: [{ id: { in: asked.filter((text) => UUID.test(text)) } }, { name: { in: asked } }],
      },
      select: VIEW,
    });
    const unknown = asked.filter((text) => !found.some(({ id, name }) => id === text.toLowerCase() || name === text));
    if (unknown.length > 0) throw new UnknownAreas(unknown);
    return found.map(({ id }) => id);
  }

  async #mustExist(id: string): Promise<void> {
    if (!(await this.unitOfWork.prisma.area.findUnique({ where: this.#key(id), select: { id: true } })))
      throw new AreaNotFound();
  }

  #key(id: string): { tenantId_id: { tenantId: string; id: string } } {
    return { tenantId_id: { tenantId: this.scope.tenantId, id } };
  }
}

function nameTaken(error: unknown): never {
  throw isUniqueViolation(error) ? new AreaNameTaken() : error;
}
