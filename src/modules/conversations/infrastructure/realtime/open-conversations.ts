import { Injectable } from '@nestjs/common';
import { Forbidden } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { EventAnnouncer } from '../../../../platform/realtime/event-announcer.js';
import type { Viewer } from '../../application/presence/presence.js';
import { TypeInConversation } from '../../application/presence/type-in-conversation.js';
import { ViewConversation } from '../../application/presence/view-conversation.js';
import { ViewersOf } from '../../application/presence/viewers-of.js';
import { TYPING_MS } from '../presence/sql-presence.js';
import type { LiveSocket } from './live-socket.js';

/** Which conversation each socket shows, and word of it to all processes. */
@Injectable()
export class OpenConversations {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly scope: TenantScope,
    private readonly announcer: EventAnnouncer,
  ) {}

  /** @returns the conversation, and who views it now @throws Forbidden, ConversationNotFound */
  async view(
    live: LiveSocket,
    conversationId: string,
  ): Promise<{ conversationId: string; viewers: readonly Viewer[] }> {
    const changed = await this.#show(live, userOf(live), conversationId);
    // Gone while it was being answered: nobody would say later that it is.
    if (!live.isConnected) await this.leave(live);
    const shown = changed.at(-1)!;
    return { conversationId: shown, viewers: await this.queries.execute(new ViewersOf(shown)) };
  }

  /** What the socket showed, it shows no more. */
  async leave(live: LiveSocket): Promise<void> {
    const { principal, tenantId } = live;
    if (principal.kind !== 'user') return;
    await this.scope.run(tenantId, () => this.#show(live, principal.userId, null));
  }

  /** @returns the conversation @throws Forbidden, ConversationNotFound, ActNotAllowed, ConversationNotOpen */
  async type(live: LiveSocket, conversationId: string): Promise<{ conversationId: string }> {
    userOf(live);
    const typedIn = await this.commands.execute(new TypeInConversation(live.listener.access, live.id, conversationId));
    await this.#announce(live, [typedIn]);
    setTimeout(() => void this.#announce(live, [typedIn]), TYPING_MS + 100).unref();
    return { conversationId: typedIn };
  }

  async #show(live: LiveSocket, userId: string, conversationId: string | null): Promise<readonly string[]> {
    const connection = { connectionId: live.id, userId };
    const changed = await this.commands.execute(new ViewConversation(live.listener.access, connection, conversationId));
    await this.#announce(live, changed);
    return changed;
  }

  async #announce({ tenantId }: LiveSocket, threadIds: readonly string[]): Promise<void> {
    await Promise.all(threadIds.map((threadId) => this.announcer.announce({ about: 'presence', tenantId, threadId })));
  }
}

/** @throws Forbidden for programs: only people look at conversations */
function userOf({ principal }: LiveSocket): string {
  if (principal.kind !== 'user') throw new Forbidden('Only users view conversations and type in them.');
  return principal.userId;
}
