import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { InboxAccess } from '../../../../kernel/inbox-access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { SEND_QUEUE } from './send-queue-lane.js';

/** Calls back a message that has not left, or gives up one whose fate is not known. @throws MessageNotFound, MessageNotCancellable */
export class CancelMessage extends Command<void> {
  /** @param access left out by automation, which acts for the merchant */
  constructor(
    readonly messageId: string,
    readonly access = InboxAccess.of({ areas: 'all' }),
  ) {
    super();
  }
}

@CommandHandler(CancelMessage)
export class CancelMessageHandler implements ICommandHandler<CancelMessage> {
  constructor(
    private readonly messages: OutgoingMessages,
    private readonly audit: AuditLog,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ messageId, access }: CancelMessage): Promise<void> {
    const message = await this.messages.getForUpdate(access, messageId);
    message.cancel();
    await this.messages.save(message);
    await this.audit.record({ action: 'message.cancelled', subjectId: messageId });
    // Another message to the same customer may have waited behind it.
    const dueAt = this.clock.now();
    await this.lanes.ring(SEND_QUEUE, [{ key: message.phoneNumberId, tenantId: this.scope.tenantId, dueAt }]);
  }
}
