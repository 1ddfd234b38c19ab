import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MessageNotFound } from '../../domain/outbound-message.js';
import {
  type AttemptView,
  MESSAGE_COLUMNS,
  type MessageRow,
  type MessageView,
  toMessageSummary,
} from './message-view.js';

/** One message with what happened to it, whichever way it went. @throws MessageNotFound */
export class FindMessage extends Query<MessageView> {
  constructor(
    readonly access: InboxAccess,
    readonly messageId: string,
  ) {
    super();
  }
}

interface FoundRow extends MessageRow {
  readonly statuses: MessageView['statuses'];
  readonly payload: unknown;
}

@QueryHandler(FindMessage)
export class FindMessageHandler implements IQueryHandler<FindMessage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, messageId }: FindMessage): Promise<MessageView> {
    const seen = seenUnderThreads(access, 'm', 3);
    const [row] = await this.unitOfWork.sql.query<FoundRow>(
      `select ${MESSAGE_COLUMNS}, m.statuses, (
         select event.payload -> 'message' from webhook_event event
         where m.direction = 'INBOUND' and event.tenant_id = m.tenant_id and event.natural_key = m.phone_number_id || '|message|' || m.wamid) as payload
       from message m where m.tenant_id = $1::uuid and m.id = $2::uuid and ${seen.sql}`,
      [this.scope.tenantId, messageId, ...seen.parameters],
    );
    if (!row) throw new MessageNotFound();
    const attempts = await this.unitOfWork.sql.query<AttemptView>(
      `select attempt_no as attempt, started_at as "startedAt", finished_at as "finishedAt", outcome, wamid, error
       from send_attempt where tenant_id = $1::uuid and message_id = $2::uuid order by attempt_no`,
      [this.scope.tenantId, messageId],
    );
    return {
      ...toMessageSummary(row),
      statuses: row.statuses,
      attempts,
      acceptedTwice: attempts.filter(({ outcome }) => outcome === 'accepted').length > 1,
      payload: row.payload,
    };
  }
}
