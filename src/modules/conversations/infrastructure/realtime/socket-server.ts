import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { Authenticator, Forbidden, Unauthenticated } from '../../../../platform/auth/index.js';
import { Config } from '../../../../platform/config/config.js';
import { toProblem } from '../../../../platform/http/problem.js';
import { HttpLimits } from '../../../../platform/rate-limiting/http-limits.js';
import { ClientEvents } from './client-events.js';
import { LiveSocket, type SocketPrincipal } from './live-socket.js';
import { LiveSockets } from './live-sockets.js';

const LARGEST_FRAME = 64 * 1024;
/** Longer than any credential that this house gives out. */
const LONGEST_TOKEN = 2048;
/** For so long a connection may say nothing of who it is. */
const UNKNOWN_FOR_MS = 5000;

/**
 * Socket.IO on the HTTP server of this process (contract 5). A socket shows a credential as it connects and is told what the policy lets its holder
 * see; clients choose nothing of that. Nothing is recovered from a connection that was lost: the event log is for that.
 */
@Injectable()
export class SocketServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(SocketServer.name);
  readonly #leaving = new Set<Promise<void>>();
  #server: Server | undefined;
  #isClosing = false;

  constructor(
    private readonly config: Config,
    private readonly http: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly limits: HttpLimits,
    private readonly sockets: LiveSockets,
    private readonly clientEvents: ClientEvents,
  ) {}

  onApplicationBootstrap(): void {
    // Programs that need the house without its doors have no server.
    if (!this.config.servesHttp || !(this.http.httpAdapter as unknown)) return;
    const server = new Server(this.http.httpAdapter.getHttpServer() as HttpServer, {
      path: '/socket.io',
      serveClient: false,
      maxHttpBufferSize: LARGEST_FRAME,
      connectTimeout: UNKNOWN_FOR_MS,
      allowRequest: (request, answer) => void this.#admit(request).then((admitted) => answer(null, admitted)),
    });
    server.use((socket, next) => {
      this.#authenticate(socket).then(() => next(), next);
    });
    server.on('connection', (socket) => this.#connected(socket));
    this.#server = server;
  }

  /** Clients see a cut line and come back, to another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isClosing = true;
    if (!this.#server) return;
    for (const socket of await this.sockets.all()) socket.drop();
    this.#server.engine.close();
    await Promise.allSettled(this.#leaving);
  }

  /** Browsers name the page that connects: it must be one of ours, for either transport. */
  async #admit({ headers, socket }: IncomingMessage): Promise<boolean> {
    if (this.#isClosing || !isOwnOrigin(headers)) return false;
    return this.limits.admitAddress(socket.remoteAddress ?? '').then(
      () => true,
      () => false,
    );
  }

  async #authenticate(socket: Socket): Promise<void> {
    try {
      const token: unknown = (socket.handshake.auth as { token?: unknown }).token;
      if (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN)
        throw new Unauthenticated('Send an access token or an API key in auth.token.');
      const principal: SocketPrincipal = token.startsWith('nd_')
        ? await this.authenticator.holderOf(token)
        : await this.authenticator.userOf(token);
      if (!principal.scopes.has('conversations:read')) throw Forbidden.scope('conversations:read');
      (socket.data as { live?: LiveSocket }).live = new LiveSocket(socket, token, principal);
    } catch (error) {
      const { code, detail, status } = toProblem(error);
      if (status === 500) this.#logger.error({ err: error });
      throw Object.assign(new Error(code), { data: { code, detail } });
    }
  }

  #connected(socket: Socket): void {
    const { live } = socket.data as { live: LiveSocket };
    const expiry = setTimeout(() => live.dismiss('token-expired', 'UNAUTHENTICATED'), livesFor(live)).unref();
    socket.once('disconnect', () => {
      clearTimeout(expiry);
      const leaving = this.#disconnected(live);
      this.#leaving.add(leaving);
      void leaving.finally(() => this.#leaving.delete(leaving));
    });
    this.clientEvents.attend(socket, live);
    this.sockets.add(live).catch((error: unknown) => {
      this.#logger.warn(`A socket is sent away: ${error instanceof Error ? error.message : String(error)}`);
      live.drop();
    });
  }

  async #disconnected(live: LiveSocket): Promise<void> {
    await this.sockets.remove(live);
    await this.clientEvents.leave(live).catch((error: unknown) => {
      this.#logger.warn(`A viewer's lease runs out: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Milliseconds until the access token ends, which was verified before; API keys have no end. */
function livesFor({ credential, principal }: LiveSocket): number {
  if (principal.kind !== 'user') return 2 ** 31 - 1;
  const { exp } = JSON.parse(Buffer.from(credential.split('.')[1]!, 'base64url').toString()) as { exp: number };
  return Math.max(0, exp * 1000 - (performance.timeOrigin + performance.now()));
}
