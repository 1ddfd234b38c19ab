import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { checkContent } from '../../domain/content-limits.js';
import type { EnqueuedMessage, MessageOrder } from './message-order.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { SEND_QUEUE } from './send-queue-lane.js';

/** Queues a message in the caller's transaction; it leaves through the number's outbound lane once that has committed. @throws ContentRefused */
export class EnqueueMessage extends Command<EnqueuedMessage> {
  constructor(readonly order: MessageOrder) {
    super();
  }
}

@CommandHandler(EnqueueMessage)
export class EnqueueMessageHandler implements ICommandHandler<EnqueueMessage> {
  constructor(
    private readonly messages: OutgoingMessages,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ order }: EnqueueMessage): Promise<EnqueuedMessage> {
    checkContent(order.content);
    const enqueued = await this.messages.add(order);
    if (!enqueued.duplicate) {
      const dueAt = order.notBefore ?? this.clock.now();
      await this.lanes.ring(SEND_QUEUE, [{ key: order.phoneNumberId, tenantId: this.scope.tenantId, dueAt }]);
    }
    return enqueued;
  }
}
