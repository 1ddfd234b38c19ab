import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import {
  CheckMarketing,
  CheckTemplate,
  type MessageContent,
  type Recipient,
  UsableTemplates,
} from '../../../messaging/index.js';
import { InboxSettings } from '../../../tenants/index.js';
import { ConversationBlocked, WindowClosed } from '../../domain/messages/message-errors.js';
import { serviceWindow } from '../../domain/service-window.js';
import { DecideThreadType } from '../inbox/decide-thread-type.js';
import { InboxEvents } from '../inbox-events.js';
import { previewOfOutbound } from '../preview.js';
import { Threads } from '../threads.js';
import type { VisibleThread } from '../visible-threads.js';

/** Templates that a refusal names. */
const NAMED_TEMPLATES = 10;
const MINUTE_MS = 60_000;

/** What holds for each message that somebody sends into a conversation, whichever door they came through. The thread is locked. */
@Injectable()
export class Sending {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly threads: Threads,
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {}

  /** @returns until when the message may leave @throws ConversationBlocked, WindowClosed, TemplateRefused, MarketingStopped */
  async admit(thread: VisibleThread, to: Recipient, content: MessageContent): Promise<{ readonly expiresAt?: Date }> {
    if (thread.status === 'blocked') throw new ConversationBlocked();
    if (content.type === 'template') {
      await this.queries.execute(new CheckTemplate(thread.phoneNumberId, content));
      await this.queries.execute(new CheckMarketing(thread.phoneNumberId, to, content));
      return {};
    }
    const window = serviceWindow({ lastInboundAt: thread.lastInboundAt ?? undefined }, this.clock.now());
    if (window.isOpen && window.closesAt) return { expiresAt: window.closesAt };
    const usable = await this.queries.execute(new UsableTemplates(thread.phoneNumberId, to));
    throw new WindowClosed(window.closesAt, usable.slice(0, NAMED_TEMPLATES));
  }

  /**
   * Shows in the thread what was sent. What a person sends says that they have read it, takes it out of the archive, and silences the bot
   * for a while, unless it is a template or a reaction (F12).
   * @param sentBy the user; undefined for programs
   */
  async note(thread: VisibleThread, content: MessageContent, sentBy: string | undefined): Promise<void> {
    const botPausedUntil = await this.#pauseFor(thread, content, sentBy);
    await this.threads.recordSent(thread.id, {
      preview: previewOfOutbound(content),
      at: this.clock.now(),
      byPerson: sentBy !== undefined,
      botPausedUntil,
    });
    if (content.type === 'template') await this.commands.execute(new DecideThreadType(thread.id, content.name));
    const changed = {
      ...(sentBy !== undefined && thread.status === 'archived' && { status: 'active' }),
      ...(sentBy !== undefined && thread.unreadCount > 0 && { unreadCount: 0 }),
      ...(botPausedUntil && { botPausedUntil }),
    };
    if (Object.keys(changed).length === 0) return;
    const { id: threadId, phoneNumberId } = thread;
    const actor = sentBy === undefined ? undefined : `user:${sentBy}`;
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed }]);
  }

  async #pauseFor(
    { botPausedUntil }: VisibleThread,
    { type }: MessageContent,
    sentBy: string | undefined,
  ): Promise<Date | undefined> {
    if (sentBy === undefined || type === 'template' || type === 'reaction') return undefined;
    const { botPauseMinutes } = await this.queries.execute(new InboxSettings());
    const until = new Date(this.clock.now().getTime() + botPauseMinutes * MINUTE_MS);
    return botPauseMinutes > 0 && (botPausedUntil === null || botPausedUntil < until) ? until : undefined;
  }
}
