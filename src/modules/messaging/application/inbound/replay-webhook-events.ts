import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../../../kernel/domain-error.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type ReplaySelection, type ReplaySummary, WebhookEvents } from './webhook-events.js';

export class NothingSelected extends DomainError {
  readonly code = 'NOTHING_SELECTED';
  readonly kind = 'invalid';
  constructor() {
    super('Say which events to replay: by ids, by state, or since when.');
  }
}

/**
 * Takes webhook events up again, by the path of the first time: what has taken effect does not do so twice, and a customer who was
 * answered is not answered again. Many events are many transactions; a crash leaves a rest that the same command takes up.
 */
@OpensItsOwnTransactions()
export class ReplayWebhookEvents extends Command<ReplaySummary> {
  constructor(readonly selection: ReplaySelection) {
    super();
  }
}

@CommandHandler(ReplayWebhookEvents)
export class ReplayWebhookEventsHandler implements ICommandHandler<ReplayWebhookEvents> {
  constructor(
    private readonly events: WebhookEvents,
    private readonly audit: AuditLog,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws NothingSelected */
  async execute({ selection }: ReplayWebhookEvents): Promise<ReplaySummary> {
    const { ids, state, since } = selection;
    if (!ids && !state && !since) throw new NothingSelected();
    const details = {
      ...(ids && { ids: ids.length }),
      ...(state && { state }),
      ...(since && { since: since.toISOString() }),
    };
    await this.unitOfWork.run(() => this.audit.record({ action: 'webhook-events.replayed', details }));
    return this.events.replay(selection);
  }
}
