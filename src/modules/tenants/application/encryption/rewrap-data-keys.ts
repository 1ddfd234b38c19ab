import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM, tenantId } from '../../../../kernel/ids.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DataKeys } from '../../../../platform/encryption/data-keys.js';

export interface Rewrapped {
  /** Data keys that another key of the ring had wrapped. */
  readonly rewrapped: number;
}

/**
 * Wraps all tenants' data keys with the first key of ENCRYPTION_KEYS, a transaction a tenant, while everything goes on working.
 * When it ends, no data key needs any other key of the ring. After a crash the same call does the rest. For the platform operator.
 */
@OpensItsOwnTransactions()
export class RewrapDataKeys extends Command<Rewrapped> {}

@CommandHandler(RewrapDataKeys)
export class RewrapDataKeysHandler implements ICommandHandler<RewrapDataKeys> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly dataKeys: DataKeys,
  ) {}

  async execute(): Promise<Rewrapped> {
    const tenants = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string }>('select id from tenant order by id'),
    );
    let rewrapped = 0;
    for (const id of [PLATFORM, ...tenants.map((tenant) => tenantId(tenant.id))])
      rewrapped += await this.scope.run(id, () => this.dataKeys.rewrap());
    return { rewrapped };
  }
}
