import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { ReminderKind, ReminderStage, ReminderStatus } from '../../domain/assessment.js';
import { REMINDER_COLUMNS, type ReminderView } from './reminder-view.js';

export interface ReminderFilter {
  readonly status?: ReminderStatus | undefined;
  /** A stage or a kind. */
  readonly type?: ReminderStage | ReminderKind | undefined;
  readonly customerId?: string | undefined;
  readonly dueId?: string | undefined;
  /** Scheduled then or later. */
  readonly from?: Date | undefined;
  /** Scheduled before. */
  readonly to?: Date | undefined;
}

/** The merchant's reminders, the newest first. */
export class ListReminders extends Query<Page<ReminderView>> {
  constructor(
    readonly filter: ReminderFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

// Ids are UUIDv7: by id is by the time of planning, which does not change as `scheduledFor` does.
const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListReminders)
export class ListRemindersHandler implements IQueryHandler<ListReminders> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ filter, limit, cursor: given }: ListReminders): Promise<Page<ReminderView>> {
    const rows = await this.unitOfWork.sql.query<ReminderView>(
      `select ${REMINDER_COLUMNS} from reminder r
       where r.tenant_id = $1::uuid
         and ($2::uuid is null or r.id < $2::uuid)
         and ($3::text is null or r.status = $3)
         and ($4::text is null or r.stage = $4 or r.kind = $4)
         and ($5::uuid is null or r.customer_id = $5::uuid)
         and ($6::uuid is null or r.due_id = $6::uuid)
         and ($7::timestamptz is null or r.scheduled_for >= $7::timestamptz)
         and ($8::timestamptz is null or r.scheduled_for < $8::timestamptz)
       order by r.id desc limit $9::int`,
      [
        this.scope.tenantId,
        cursor.read(given)?.id ?? null,
        filter.status ?? null,
        filter.type ?? null,
        filter.customerId ?? null,
        filter.dueId ?? null,
        filter.from?.toISOString() ?? null,
        filter.to?.toISOString() ?? null,
        limit + 1,
      ],
    );
    return cursor.page(rows, limit, (row) => row);
  }
}
