import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** How a merchant's inbox behaves. */
export interface InboxSettingsView {
  /** Sales people see their own conversations alone, not all of their areas (C52). */
  readonly salesAssignedOnly: boolean;
  /** When customers see blue ticks: when automation took care, with every message, never (C65). */
  readonly readReceipts: 'bot' | 'always' | 'never';
  /** Minutes for which automation is silent after a person has answered; 0: it never is. */
  readonly botPauseMinutes: number;
}

/** May be asked in either kind of transaction. */
export class InboxSettings extends Query<InboxSettingsView> {}

@QueryHandler(InboxSettings)
export class InboxSettingsHandler implements IQueryHandler<InboxSettings> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute(): Promise<InboxSettingsView> {
    const [settings] = await this.unitOfWork.sql.query<InboxSettingsView>(
      `select sales_assigned_only as "salesAssignedOnly", read_receipts as "readReceipts", bot_pause_minutes as "botPauseMinutes"
       from tenant where id = $1::uuid`,
      [this.scope.tenantId],
    );
    return settings ?? { salesAssignedOnly: false, readReceipts: 'bot', botPauseMinutes: 60 };
  }
}
