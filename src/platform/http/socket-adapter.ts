import { IoAdapter } from '@nestjs/platform-socket.io';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server, ServerOptions } from 'socket.io';
import type { Config } from '../config/config.js';
import type { HttpLimits } from '../rate-limiting/http-limits.js';

/** Socket.IO on the HTTP server: connections are admitted as requests are, and from our own pages alone. */
export class SocketAdapter extends IoAdapter {
  constructor(
    server: HttpServer,
    private readonly limits: HttpLimits,
    private readonly config: Config,
  ) {
    super(server);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options!,
      allowRequest: (request, answer) => void this.#admits(request).then((admitted) => answer(null, admitted)),
    });
  }

  /** The HTTP server closes itself. */
  override async close({ engine }: Server): Promise<void> {
    engine.close();
  }

  async #admits({ headers, socket }: IncomingMessage): Promise<boolean> {
    if (!this.config.servesHttp || !isOwnOrigin(headers)) return false;
    return this.limits.admitAddress(socket.remoteAddress ?? '').then(
      () => true,
      () => false,
    );
  }
}

/** Browsers name the page that connects, over either transport; other clients name none. */
function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
