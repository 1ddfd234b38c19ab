import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import type { MessageContent } from '../../messaging/index.js';
import { THREAD_TYPES, typeByTemplate } from '../domain/inbox/type-by-template.js';
import { TypeRules } from './inbox/type-rules.js';
import { InboxEvents } from './inbox-events.js';
import { previewOfOutbound } from './preview.js';
import { Threads } from './threads.js';

/** A message that the merchant's side writes on its own account: a reminder, an order's news. */
export interface Outgoing {
  readonly contactId: string;
  readonly content: MessageContent;
}

/**
 * Places messages in the threads of their customers with one number, which are opened where there are none (C14): the inbox shows what was
 * sent, and what is answered has its place. A first template says what a conversation is (S1.11). One message a customer. @returns the threads' ids, by contact
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
    private readonly types: TypeRules,
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {}

  async execute({ phoneNumberId, outgoing }: RecordOutgoing): Promise<ReadonlyMap<string, string>> {
    const previews = outgoing.map(({ contactId, content }) => ({ contactId, preview: previewOfOutbound(content) }));
    const threads = await this.threads.open(phoneNumberId, previews, this.clock.now());
    await this.#decideTypes(phoneNumberId, outgoing, threads);
    return threads;
  }

  async #decideTypes(
    phoneNumberId: string,
    outgoing: readonly Outgoing[],
    threads: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (!outgoing.some(({ content }) => content.type === 'template')) return;
    const rules = await this.types.all();
    for (const type of THREAD_TYPES) {
      const ids = outgoing.flatMap(({ contactId, content }) =>
        content.type === 'template' && typeByTemplate(rules, content.name) === type ? [threads.get(contactId)!] : [],
      );
      const decided = await this.threads.decideTypes(ids, type);
      await this.events.conversationsChanged(
        decided.map((threadId) => ({ threadId, phoneNumberId, changed: { type } })),
      );
    }
  }
}
