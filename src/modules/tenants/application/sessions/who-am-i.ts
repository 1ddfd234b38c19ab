import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Scope } from '../../../../kernel/access.js';
import { PLATFORM } from '../../../../kernel/ids.js';
import type { Principal } from '../../../../platform/auth/principal.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ShowTenant } from '../tenants/show-tenant.js';
import type { TenantView } from '../tenants/tenant-view.js';
import { ShowUser } from '../users/show-user.js';
import type { UserView } from '../users/user-view.js';

/** Whom the credential of a request belongs to: a user's fields for a user, id and name for an API key. */
export type Myself = {
  /** Null for the platform operator who names none. */
  readonly tenant: TenantView | null;
  readonly scopes: readonly Scope[];
} & (
  | ({ readonly kind: 'user' } & UserView)
  | { readonly kind: 'api-key'; readonly id: string; readonly name: string }
  | { readonly kind: 'platform' }
);

export class WhoAmI extends Query<Myself> {
  constructor(readonly principal: Principal) {
    super();
  }
}

@QueryHandler(WhoAmI)
export class WhoAmIHandler implements IQueryHandler<WhoAmI> {
  constructor(
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute({ principal }: WhoAmI): Promise<Myself> {
    const tenant =
      principal.tenantId === PLATFORM ? null : await this.queries.execute(new ShowTenant(principal.tenantId));
    const shared = { tenant, scopes: [...principal.scopes] };
    switch (principal.kind) {
      case 'user':
        return { kind: 'user', ...(await this.queries.execute(new ShowUser(principal.userId))), ...shared };
      case 'api-key': {
        const where = { tenantId_id: { tenantId: principal.tenantId, id: principal.apiKeyId } };
        const { id, name } = await this.unitOfWork.prisma.apiKey.findUniqueOrThrow({
          where,
          select: { id: true, name: true },
        });
        return { kind: 'api-key', id, name, ...shared };
      }
      case 'platform':
        return { kind: 'platform', ...shared };
    }
  }
}
