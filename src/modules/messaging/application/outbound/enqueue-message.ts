import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { TenantId } from '../../../../kernel/ids.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { checkContent } from '../../domain/content-limits.js';
import type { EnqueuedMessage, MessageOrder } from './message-order.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { SEND_QUEUE } from './send-queue-lane.js';

/**
 * Queues messages in the caller's transaction; they leave through their numbers' outbound lanes once that has committed. Each has a
 * key of its own, or none. @returns what became of each, in their order. @throws ContentRefused
 */
export class EnqueueMessages extends Command<EnqueuedMessage[]> {
  constructor(readonly orders: readonly MessageOrder[]) {
    super();
  }
}

@CommandHandler(EnqueueMessages)
export class EnqueueMessagesHandler implements ICommandHandler<EnqueueMessages> {
  constructor(
    private readonly messages: OutgoingMessages,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ orders }: EnqueueMessages): Promise<EnqueuedMessage[]> {
    orders.forEach(({ content }) => checkContent(content));
    const enqueued = await this.messages.add(orders);
    const now = this.clock.now();
    const rings = new Map<string, { key: string; tenantId: TenantId; dueAt: Date }>();
    orders.forEach(({ phoneNumberId: key, notBefore: dueAt = now }, index) => {
      if (!enqueued[index]!.duplicate)
        rings.set(`${key} ${dueAt.getTime()}`, { key, tenantId: this.scope.tenantId, dueAt });
    });
    await this.lanes.ring(SEND_QUEUE, [...rings.values()]);
    return enqueued;
  }
}

/** One of them. @throws ContentRefused */
export class EnqueueMessage extends Command<EnqueuedMessage> {
  constructor(readonly order: MessageOrder) {
    super();
  }
}

@CommandHandler(EnqueueMessage)
export class EnqueueMessageHandler implements ICommandHandler<EnqueueMessage> {
  constructor(private readonly commands: Commands) {}

  async execute({ order }: EnqueueMessage): Promise<EnqueuedMessage> {
    const [enqueued] = await this.commands.execute(new EnqueueMessages([order]));
    return enqueued!;
  }
}
