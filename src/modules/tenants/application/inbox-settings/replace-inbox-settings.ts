import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { InboxSettingsView } from './inbox-settings.js';

export class ReplaceInboxSettings extends Command<InboxSettingsView> {
  constructor(readonly settings: InboxSettingsView) {
    super();
  }
}

@CommandHandler(ReplaceInboxSettings)
export class ReplaceInboxSettingsHandler implements ICommandHandler<ReplaceInboxSettings> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ settings }: ReplaceInboxSettings): Promise<InboxSettingsView> {
    const { salesAssignedOnly, readReceipts, botPauseMinutes } = settings;
    await this.unitOfWork.sql.query(
      `update tenant set sales_assigned_only = $2::boolean, read_receipts = $3, bot_pause_minutes = $4::int, updated_at = $5::timestamptz
       where id = $1::uuid`,
      [this.scope.tenantId, salesAssignedOnly, readReceipts, botPauseMinutes, this.clock.now().toISOString()],
    );
    const details = { salesAssignedOnly, readReceipts, botPauseMinutes };
    await this.audit.record({ action: 'inbox-settings.changed', details });
    return details;
  }
}
