import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { MessageWatcher, type MovedMessage, type QueuedMessage, WatchesMessages } from '../../../messaging/index.js';
import { InboxEvents } from '../inbox-events.js';
import { previewOfOutbound } from '../preview.js';

/** Tells sockets and the event log of outgoing messages that belong to a conversation, whoever ordered them (S0.87, S1.8, S1.20). */
@Injectable()
@WatchesMessages()
export class AnnounceMessages extends MessageWatcher {
  constructor(
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** What is to leave later is told when it leaves. */
  queued(messages: readonly QueuedMessage[]): Promise<void> {
    const at = this.clock.now();
    const shown = messages.filter(({ leavesAt }) => leavesAt === null);
    return this.events.newMessages(
      ofConversations(shown).map(({ content, sentBy, leavesAt: _, ...message }) => ({
        ...message,
        direction: 'OUTBOUND',
        type: content.type,
        preview: previewOfOutbound(content),
        content,
        at,
        wamid: null,
        unreadIncrement: 0,
        actor: sentBy === null ? undefined : `user:${sentBy}`,
      })),
    );
  }

  moved(messages: readonly MovedMessage[]): Promise<void> {
    return this.events.statuses(
      ofConversations(messages).map(({ state, failure, ...message }) => ({
        ...message,
        status: state,
        ...(failure && { failure: { ...failure } }),
      })),
    );
  }

  /** What the provider reported has moved the message, or changed nothing that an inbox shows. */
  async reported(): Promise<void> {}
}

function ofConversations<Message extends { readonly threadId: string | null }>(
  messages: readonly Message[],
): (Message & { readonly threadId: string })[] {
  return messages.filter((message): message is Message & { readonly threadId: string } => message.threadId !== null);
}
