import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ALERT_COLUMNS, type AlertRow, type AlertView, toAlertView } from './alert-view.js';
import { seenAlerts } from './seen-alerts.js';

/** Also what an alert of another tenant, or of a number that one does not see, is answered with. */
export class AlertNotFound extends DomainError {
  readonly code = 'ALERT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such alert.');
  }
}

/** Somebody has read an alert: it stands open no more. The first to say so is remembered. @throws AlertNotFound */
export class AcknowledgeAlert extends Command<AlertView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly alertId: string,
  ) {
    super();
  }
}

@CommandHandler(AcknowledgeAlert)
export class AcknowledgeAlertHandler implements ICommandHandler<AcknowledgeAlert> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ access, actor, alertId }: AcknowledgeAlert): Promise<AlertView> {
    const seen = seenAlerts(access, 4);
    const [row] = await this.unitOfWork.sql.query<AlertRow>(
      `update account_alert alert set acknowledged_at = coalesce(alert.acknowledged_at, $2::timestamptz),
         acknowledged_by = coalesce(alert.acknowledged_by, $3)
       where alert.id = $1::uuid and ${seen.sql} returning ${ALERT_COLUMNS}`,
      [alertId, this.clock.now().toISOString(), actor, ...seen.parameters],
    );
    if (!row) throw new AlertNotFound();
    return toAlertView(row);
  }
}
