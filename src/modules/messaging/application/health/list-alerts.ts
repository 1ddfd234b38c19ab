import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { ALERT_COLUMNS, type AlertRow, type AlertView, toAlertView } from './alert-view.js';
import { seenAlerts } from './seen-alerts.js';

/** The alerts that the caller may know, the newest first. */
export class ListAlerts extends Query<Page<AlertView>> {
  constructor(
    readonly access: InboxAccess,
    readonly which: 'all' | 'open' | 'acknowledged',
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });
const CONDITION = {
  all: 'true',
  open: 'alert.acknowledged_at is null',
  acknowledged: 'alert.acknowledged_at is not null',
} as const;

@QueryHandler(ListAlerts)
export class ListAlertsHandler implements IQueryHandler<ListAlerts> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ access, which, limit, cursor: given }: ListAlerts): Promise<Page<AlertView>> {
    const after = cursor.read(given);
    const seen = seenAlerts(access, 3);
    const rows = await this.unitOfWork.sql.query<AlertRow>(
      `select ${ALERT_COLUMNS} from account_alert alert
       where ($1::uuid is null or alert.id < $1::uuid) and ${CONDITION[which]} and ${seen.sql} order by alert.id desc limit $2::int`,
      [after?.id ?? null, limit + 1, ...seen.parameters],
    );
    return cursor.page(rows, limit, toAlertView);
  }
}
