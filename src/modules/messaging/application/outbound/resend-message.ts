import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { InboxAccess } from '../../../../kernel/inbox-access.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { SEND_QUEUE } from './send-queue-lane.js';

/** Sends a parked message again: a person decides that the customer may rather get it twice than not at all. @throws MessageNotFound, MessageNotParked */
export class ResendMessage extends Command<void> {
  /** @param access left out by automation, which acts for the merchant */
  constructor(
    readonly messageId: string,
    readonly access = InboxAccess.of({ areas: 'all' }),
  ) {
    super();
  }
}

@CommandHandler(ResendMessage)
export class ResendMessageHandler implements ICommandHandler<ResendMessage> {
  constructor(
    private readonly messages: OutgoingMessages,
    private readonly audit: AuditLog,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ messageId, access }: ResendMessage): Promise<void> {
    const message = await this.messages.getForUpdate(access, messageId);
    message.sendAgain();
    await this.messages.save(message);
    await this.audit.record({ action: 'message.sent-again', subjectId: messageId });
    const dueAt = this.clock.now();
    await this.lanes.ring(SEND_QUEUE, [{ key: message.phoneNumberId, tenantId: this.scope.tenantId, dueAt }]);
  }
}
