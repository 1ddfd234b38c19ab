import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';

/** The user is not notified of a conversation for some minutes (S1.67); muted again, it counts from then. @throws ConversationNotFound */
export class MuteConversation extends Command<{ readonly mutedUntil: Date }> {
  constructor(
    readonly access: InboxAccess,
    readonly userId: string,
    readonly conversationId: string,
    readonly minutes: number,
  ) {
    super();
  }
}

/** @throws ConversationNotFound */
export class UnmuteConversation extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly userId: string,
    readonly conversationId: string,
  ) {
    super();
  }
}

@CommandHandler(MuteConversation)
export class MuteConversationHandler implements ICommandHandler<MuteConversation> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly events: InboxEvents,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ access, userId, conversationId, minutes }: MuteConversation): Promise<{ mutedUntil: Date }> {
    const { id, phoneNumberId } = await this.threads.find(access, 'read', conversationId);
    const mutedUntil = new Date(this.clock.now().getTime() + minutes * 60_000);
    await this.unitOfWork.sql.query(
      `insert into thread_mute (tenant_id, thread_id, user_id, muted_until) values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz)
       on conflict (tenant_id, thread_id, user_id) do update set muted_until = excluded.muted_until`,
      [this.scope.tenantId, id, userId, mutedUntil.toISOString()],
    );
    await this.events.notify([{ kind: 'muted', threadId: id, phoneNumberId, userId, details: { mutedUntil } }]);
    return { mutedUntil };
  }
}

@CommandHandler(UnmuteConversation)
export class UnmuteConversationHandler implements ICommandHandler<UnmuteConversation> {
  constructor(
    private readonly threads: VisibleThreads,
    private readonly events: InboxEvents,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, userId, conversationId }: UnmuteConversation): Promise<void> {
    const { id, phoneNumberId } = await this.threads.find(access, 'read', conversationId);
    const rows = await this.unitOfWork.sql.query(
      'delete from thread_mute where tenant_id = $1::uuid and thread_id = $2::uuid and user_id = $3::uuid returning user_id',
      [this.scope.tenantId, id, userId],
    );
    if (rows.length === 0) return;
    await this.events.notify([{ kind: 'unmuted', threadId: id, phoneNumberId, userId, details: {} }]);
  }
}
