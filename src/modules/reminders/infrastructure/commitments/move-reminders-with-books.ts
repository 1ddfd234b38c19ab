import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { BooksFollower, FollowsBooks } from '../../../customers/index.js';

/** Reminders and promises of a customer who turned out to be another one go with the dues. */
@Injectable()
@FollowsBooks()
export class MoveRemindersWithBooks extends BooksFollower {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async move(fromCustomerId: string, toCustomerId: string): Promise<void> {
    for (const table of ['reminder', 'commitment'])
      await this.unitOfWork.sql.query(
        `update ${table} set customer_id = $3::uuid where tenant_id = $1::uuid and customer_id = $2::uuid`,
        [this.scope.tenantId, fromCustomerId, toCustomerId],
      );
  }
}
