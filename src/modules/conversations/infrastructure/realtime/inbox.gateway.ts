import { type BeforeApplicationShutdown, Logger, UseFilters } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { MarkRead } from '../../application/inbox/mark-read.js';
import { AcknowledgeProblem } from './acknowledge-problem.js';
import { ConversationNamed, ConversationShown } from './client-events.dto.js';
import { EventSource } from './event-source.js';
import type { InboxServer, InboxSocket } from './live-socket.js';
import { LiveSockets } from './live-sockets.js';
import { OpenConversations } from './open-conversations.js';
import { SocketDoor } from './socket-door.js';
import { limitRate } from './socket-rate.js';

const LARGEST_FRAME = 64 * 1024;
/** For so long a connection may say nothing of who it is. */
const UNKNOWN_FOR_MS = 5000;

/**
 * Socket.IO (contract 5). A socket shows a credential as it connects and is told what the policy lets its holder see (`LiveSockets`); clients choose
 * nothing of that. Nothing is recovered from a connection that was lost: the event log is for that.
 */
@WebSocketGateway({
  path: '/socket.io',
  serveClient: false,
  maxHttpBufferSize: LARGEST_FRAME,
  connectTimeout: UNKNOWN_FOR_MS,
})
@UseFilters(AcknowledgeProblem)
@RequiresScope('conversations:read')
export class InboxGateway
  implements
    OnGatewayInit<InboxServer>,
    OnGatewayConnection<InboxSocket>,
    OnGatewayDisconnect<InboxSocket>,
    BeforeApplicationShutdown
{
  readonly #logger = new Logger(InboxGateway.name);
  readonly #leaving = new Set<Promise<void>>();
  #isClosing = false;

  constructor(
    private readonly door: SocketDoor,
    private readonly sockets: LiveSockets,
    private readonly open: OpenConversations,
    private readonly source: EventSource,
    private readonly commands: Commands,
  ) {}

  afterInit(server: InboxServer): void {
    server.use((socket, next) => void this.door.admit(socket).then(() => next(), next));
  }

  handleConnection(socket: InboxSocket): void {
    const { live } = socket.data;
    if (this.#isClosing) return live.drop();
    this.door.closeBehind(socket);
    limitRate(socket);
    this.sockets.add(live).catch((error: unknown) => {
      this.#logger.warn(`A socket is sent away: ${error instanceof Error ? error.message : String(error)}`);
      live.drop();
    });
  }

  handleDisconnect({ data: { live } }: InboxSocket): void {
    const leaving = Promise.all([this.sockets.remove(live), this.open.leave(live)])
      .catch((error: unknown) => {
        this.#logger.warn(`A viewer's lease runs out: ${error instanceof Error ? error.message : String(error)}`);
      })
      .then(() => void this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** Whatever rooms the client names: it is told of those that it is in (S1.21, C28). */
  @SubscribeMessage('join-whatsapp-room')
  async rooms(@ConnectedSocket() { data: { live } }: InboxSocket): Promise<{ rooms: string[] }> {
    const { access } = live.listener;
    const numbers = await this.source.numbers(live.tenantId);
    const seen = numbers.filter(({ areaId }) => access.seesNumber(areaId));
    return { rooms: access.rooms(seen.map(({ phoneNumberId }) => phoneNumberId)) };
  }

  @SubscribeMessage('mark_read')
  @RequiresScope('conversations:write')
  async markRead(
    @ConnectedSocket() { data: { live } }: InboxSocket,
    @MessageBody() { conversationId }: ConversationNamed,
  ): Promise<{ conversationId: string }> {
    const { access, actor } = live.listener;
    await this.commands.execute(new MarkRead(access, actor, conversationId));
    return { conversationId };
  }

  @SubscribeMessage('viewing')
  async view(
    @ConnectedSocket() { data: { live } }: InboxSocket,
    @MessageBody() { conversationId }: ConversationShown,
  ): Promise<object> {
    if (conversationId !== null) return this.open.view(live, conversationId);
    await this.open.leave(live);
    return { conversationId };
  }

  @SubscribeMessage('typing')
  @RequiresScope('conversations:write')
  type(
    @ConnectedSocket() { data: { live } }: InboxSocket,
    @MessageBody() { conversationId }: ConversationNamed,
  ): Promise<object> {
    return this.open.type(live, conversationId);
  }

  /** Clients see a cut line and come back, to another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isClosing = true;
    for (const socket of await this.sockets.all()) socket.drop();
    await Promise.all(this.#leaving);
  }
}
