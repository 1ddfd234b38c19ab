import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import {
  CheckMarketing,
  CheckTemplate,
  type KnownTemplates,
  MarketingStopped,
  type MessageContent,
  type Recipient,
  StoppedMarketing,
  TemplatesOfNumber,
  UsableTemplates,
} from '../../../messaging/index.js';
import { InboxSettings } from '../../../tenants/index.js';
import { ConversationBlocked, WindowClosed } from '../../domain/messages/message-errors.js';
import { serviceWindow, type ServiceWindow } from '../../domain/service-window.js';
import { botPauseOf, type Silence } from '../../domain/silence.js';
import { DecideThreadType } from '../inbox/decide-thread-type.js';
import { InboxEvents } from '../inbox-events.js';
import { previewOfOutbound } from '../preview.js';
import { Threads } from '../threads.js';
import type { VisibleThread } from '../visible-threads.js';

/** A message that leaves, with the conversation that it leaves in. */
export interface Departure {
  readonly messageId: string;
  readonly thread: VisibleThread;
  readonly to: Recipient;
  readonly content: MessageContent;
}

/** Until when a message may leave; left out for templates. */
export interface Admission {
  readonly expiresAt?: Date;
}

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
  async admit(thread: VisibleThread, to: Recipient, content: MessageContent): Promise<Admission> {
    if (thread.status === 'blocked') throw new ConversationBlocked();
    if (content.type === 'template') {
      await this.queries.execute(new CheckTemplate(thread.phoneNumberId, content));
      await this.queries.execute(new CheckMarketing(thread.phoneNumberId, to, content));
      return {};
    }
    const window = this.#windowOf(thread);
    if (window.isOpen && window.closesAt) return { expiresAt: window.closesAt };
    const usable = await this.queries.execute(new UsableTemplates(thread.phoneNumberId, to));
    throw new WindowClosed(window.closesAt, usable.slice(0, NAMED_TEMPLATES));
  }

  /** The same of many of one number, in two statements; nobody waits to be told what could be sent instead. @returns what holds for each */
  async admitAll(
    phoneNumberId: string,
    departures: readonly Departure[],
  ): Promise<ReadonlyMap<string, Admission | DomainError>> {
    const templates = departures.flatMap(({ messageId: id, to, content }) =>
      content.type === 'template' ? [{ id, to, name: content.name, language: content.language }] : [],
    );
    const names = [...new Set(templates.map(({ name }) => name))];
    const known = await this.queries.execute(new TemplatesOfNumber(phoneNumberId, names));
    const stopped = await this.queries.execute(new StoppedMarketing(phoneNumberId, templates));
    return new Map(departures.map((departure) => [departure.messageId, this.#judge(departure, known, stopped)]));
  }

  #judge(
    { messageId, thread, content }: Departure,
    known: KnownTemplates,
    stopped: ReadonlySet<string>,
  ): Admission | DomainError {
    if (thread.status === 'blocked') return new ConversationBlocked();
    if (content.type === 'template') {
      if (stopped.has(messageId)) return new MarketingStopped(content.name);
      return refusalOf(() => known.check(content)) ?? {};
    }
    const { isOpen, closesAt } = this.#windowOf(thread);
    return isOpen && closesAt ? { expiresAt: closesAt } : new WindowClosed(closesAt, []);
  }

  #windowOf({ lastInboundAt }: VisibleThread): ServiceWindow {
    return serviceWindow({ lastInboundAt: lastInboundAt ?? undefined }, this.clock.now());
  }

  /**
   * Shows in the thread what was sent. What a person sends says that they have read it, takes it out of the archive, and silences the bot
   * for a while, unless it is a template or a reaction (F12).
   * @param sentBy the user; undefined for programs
   */
  async note(thread: VisibleThread, content: MessageContent, sentBy: string | undefined): Promise<void> {
    const at = this.clock.now();
    const byPerson = sentBy !== undefined;
    await this.threads.recordSent(thread.id, { preview: previewOfOutbound(content), at, byPerson });
    const silence = byPerson ? await this.#silence(thread.id, content, at) : undefined;
    if (content.type === 'template') await this.commands.execute(new DecideThreadType(thread.id, content.name));
    const changed = {
      ...(sentBy !== undefined && thread.status === 'archived' && { status: 'active' }),
      ...(sentBy !== undefined && thread.unreadCount > 0 && { unreadCount: 0 }),
      ...(silence && botPauseOf(silence, at)),
    };
    if (Object.keys(changed).length === 0) return;
    const { id: threadId, phoneNumberId } = thread;
    const actor = sentBy === undefined ? undefined : `user:${sentBy}`;
    await this.events.conversationsChanged([{ threadId, phoneNumberId, actor, changed }]);
  }

  async #silence(threadId: string, { type }: MessageContent, at: Date): Promise<Silence | undefined> {
    if (type === 'template' || type === 'reaction') return undefined;
    const { botPauseMinutes } = await this.queries.execute(new InboxSettings());
    if (botPauseMinutes === 0) return undefined;
    const until = new Date(at.getTime() + botPauseMinutes * MINUTE_MS);
    return this.threads.silence(threadId, { why: 'person', at, until });
  }
}

function refusalOf(check: () => void): DomainError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
