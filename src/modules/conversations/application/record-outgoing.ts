import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { MessageContent } from '../../messaging/index.js';
import { previewOfOutbound } from './preview.js';
import { Threads } from './threads.js';

/** A message that the merchant's side writes on its own account: a reminder, an order's news. */
export interface Outgoing {
  readonly contactId: string;
  readonly content: MessageContent;
}

/**
 * Places messages in the threads of their customers with one number, which are opened where there are none (C14): the inbox shows what was
 * sent, and what is answered has its place. One message a customer. @returns the threads' ids, by contact
 */
export class RecordOutgoing extends Command<ReadonlyMap<string, string>> {
  constructor(
    readonly phoneNumberId: string,
    readonly outgoing: readonly Outgoing[],
  ) {
    super();
  }
}

@CommandHandler(RecordOutgoing)
export class RecordOutgoingHandler implements ICommandHandler<RecordOutgoing> {
  constructor(
    private readonly threads: Threads,
    private readonly clock: Clock,
  ) {}

  execute({ phoneNumberId, outgoing }: RecordOutgoing): Promise<ReadonlyMap<string, string>> {
    const previews = outgoing.map(({ contactId, content }) => ({ contactId, preview: previewOfOutbound(content) }));
    return this.threads.open(phoneNumberId, previews, this.clock.now());
  }
}
