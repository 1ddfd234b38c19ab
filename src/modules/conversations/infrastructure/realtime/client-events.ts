import { Injectable, Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { Forbidden } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { InvalidRequest, toProblem } from '../../../../platform/http/problem.js';
import { type BucketRate, full, refill } from '../../../../platform/rate-limiting/token-bucket.js';
import { EventAnnouncer } from '../../../../platform/realtime/event-announcer.js';
import { MarkRead } from '../../application/inbox/mark-read.js';
import { TypeInConversation } from '../../application/presence/type-in-conversation.js';
import { ViewConversation } from '../../application/presence/view-conversation.js';
import { ViewersOf } from '../../application/presence/viewers-of.js';
import { TYPING_MS } from '../presence/sql-presence.js';
import { EventSource } from './event-source.js';
import type { LiveSocket } from './live-socket.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What one socket may say. A person types and clicks; who says more is told so. */
const RATE: BucketRate = { capacity: 30, refillPerSecond: 10 };

type Act = (payload: unknown) => Promise<object>;

/** What clients say over a socket. Each is answered by its acknowledgement: with a result, or with `{error: {code, detail}}`. */
@Injectable()
export class ClientEvents {
  readonly #logger = new Logger(ClientEvents.name);

  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly scope: TenantScope,
    private readonly announcer: EventAnnouncer,
    private readonly source: EventSource,
  ) {}

  /** Hears a socket from now on. */
  attend(socket: Socket, live: LiveSocket): void {
    const acts: Record<string, Act> = {
      'join-whatsapp-room': () => this.#roomsOf(live),
      mark_read: (payload) => this.#markRead(live, conversationIn(payload)),
      viewing: (payload) => this.#view(live, conversationOrNoneIn(payload)),
      typing: (payload) => this.#type(live, conversationIn(payload)),
    };
    limit(socket);
    for (const [event, act] of Object.entries(acts))
      socket.on(event, (...given: unknown[]) => void this.#answer(live, act, given));
  }

  /** What the socket showed, it shows no more. */
  async leave(live: LiveSocket): Promise<void> {
    const { principal, tenantId } = live;
    if (principal.kind !== 'user') return;
    const connection = { connectionId: live.id, userId: principal.userId };
    const left = await this.scope.run(tenantId, () =>
      this.commands.execute(new ViewConversation(live.listener.access, connection, null)),
    );
    await this.#announce(live, left);
  }

  async #answer(live: LiveSocket, act: Act, given: readonly unknown[]): Promise<void> {
    const acknowledge = given.at(-1);
    const answer = await this.scope
      .run(live.tenantId, async () => act(typeof given[0] === 'function' ? undefined : given[0]))
      .catch((error: unknown) => {
        const { code, detail, status } = toProblem(error);
        if (status === 500) this.#logger.error({ err: error, tenantId: live.tenantId });
        return { error: { code, detail } };
      });
    if (typeof acknowledge === 'function') (acknowledge as (answer: object) => void)(answer);
  }

  /** Whatever rooms the client names: it is told of those that it is in (S1.21, C28). */
  async #roomsOf({ tenantId, listener: { access } }: LiveSocket): Promise<object> {
    const numbers = await this.source.numbers(tenantId);
    const seen = numbers.filter(({ areaId }) => access.seesNumber(areaId));
    return { rooms: access.rooms(seen.map(({ phoneNumberId }) => phoneNumberId)) };
  }

  async #markRead(live: LiveSocket, conversationId: string): Promise<object> {
    mustWrite(live);
    const { access, actor } = live.listener;
    await this.commands.execute(new MarkRead(access, actor, conversationId));
    return { conversationId };
  }

  async #view(live: LiveSocket, conversationId: string | null): Promise<object> {
    const userId = userOf(live);
    const { access } = live.listener;
    const connection = { connectionId: live.id, userId };
    const changed = await this.commands.execute(new ViewConversation(access, connection, conversationId));
    // Gone while it was being answered: nobody would say later that it is.
    if (!live.isConnected) await this.leave(live);
    await this.#announce(live, changed);
    const shown = conversationId === null ? undefined : changed.at(-1)!;
    return shown === undefined
      ? { conversationId: null }
      : { conversationId: shown, viewers: await this.queries.execute(new ViewersOf(shown)) };
  }

  async #type(live: LiveSocket, conversationId: string): Promise<object> {
    mustWrite(live);
    userOf(live);
    const typedIn = await this.commands.execute(new TypeInConversation(live.listener.access, live.id, conversationId));
    await this.#announce(live, [typedIn]);
    setTimeout(() => void this.#announce(live, [typedIn]), TYPING_MS + 100).unref();
    return { conversationId: typedIn };
  }

  async #announce({ tenantId }: LiveSocket, threadIds: readonly string[]): Promise<void> {
    await Promise.all(threadIds.map((threadId) => this.announcer.announce({ about: 'presence', tenantId, threadId })));
  }
}

/** Drops what comes faster than a person acts, and says so where an answer is expected. */
function limit(socket: Socket): void {
  let level = full(RATE, performance.now());
  socket.use((packet, next) => {
    level = refill(level, RATE, performance.now());
    if (level.tokens >= 1) {
      level = { ...level, tokens: level.tokens - 1 };
      next();
      return;
    }
    const acknowledge: unknown = packet.at(-1);
    if (typeof acknowledge === 'function')
      (acknowledge as (answer: object) => void)({ error: { code: 'RATE_LIMITED', detail: 'Too many events.' } });
  });
}

/** @throws Forbidden */
function mustWrite({ principal }: LiveSocket): void {
  if (!principal.scopes.has('conversations:write')) throw Forbidden.scope('conversations:write');
}

/** @throws Forbidden for programs: only people look at conversations */
function userOf({ principal }: LiveSocket): string {
  if (principal.kind !== 'user') throw new Forbidden('Only users view conversations and type in them.');
  return principal.userId;
}

/** @throws InvalidRequest */
function conversationIn(payload: unknown): string {
  const id = (payload as { conversationId?: unknown } | null | undefined)?.conversationId;
  if (typeof id !== 'string' || !UUID.test(id))
    throw new InvalidRequest([{ path: 'conversationId', message: 'conversationId must be a UUID' }]);
  return id;
}

/** @throws InvalidRequest */
function conversationOrNoneIn(payload: unknown): string | null {
  const given = payload as { conversationId?: unknown } | null | undefined;
  return given?.conversationId === null ? null : conversationIn(payload);
}
