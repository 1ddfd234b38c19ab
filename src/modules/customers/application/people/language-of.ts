import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** The language in which a customer wants to be written to, if that is known: BCP 47. */
export class LanguageOf extends Query<string | undefined> {
  constructor(readonly contactId: string) {
    super();
  }
}

@QueryHandler(LanguageOf)
export class LanguageOfHandler implements IQueryHandler<LanguageOf> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ contactId }: LanguageOf): Promise<string | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ language: string | null }>(
      `select k.language from contact asked
       join customer k on k.tenant_id = asked.tenant_id and k.id = coalesce(asked.merged_into_id, asked.id)
       where asked.tenant_id = $1::uuid and asked.id = $2::uuid`,
      [this.scope.tenantId, contactId],
    );
    return row?.language ?? undefined;
  }
}
