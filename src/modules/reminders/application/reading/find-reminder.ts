import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ReminderNotFound } from '../../domain/reminder-errors.js';
import { REMINDER_COLUMNS, type ReminderView } from './reminder-view.js';

/** @throws ReminderNotFound */
export class FindReminder extends Query<ReminderView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(FindReminder)
export class FindReminderHandler implements IQueryHandler<FindReminder> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ id }: FindReminder): Promise<ReminderView> {
    const [reminder] = await this.unitOfWork.sql.query<ReminderView>(
      `select ${REMINDER_COLUMNS} from reminder r where r.tenant_id = $1::uuid and r.id = $2::uuid`,
      [this.scope.tenantId, id],
    );
    if (!reminder) throw new ReminderNotFound();
    return reminder;
  }
}
