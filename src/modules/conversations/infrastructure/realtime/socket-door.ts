import { Injectable, Logger } from '@nestjs/common';
import { Authenticator, Forbidden, Unauthenticated } from '../../../../platform/auth/index.js';
import { toProblem } from '../../../../platform/http/problem.js';
import { type InboxSocket, LiveSocket, type SocketPrincipal } from './live-socket.js';

/** Longer than any credential that this house gives out. */
const LONGEST_TOKEN = 2048;

/** Asks sockets who they are as they connect, and sees them off when their token ends. */
@Injectable()
export class SocketDoor {
  readonly #logger = new Logger(SocketDoor.name);

  constructor(private readonly authenticator: Authenticator) {}

  /** @throws Error with `data: {code, detail}`, which Socket.IO hands to the client */
  async admit(socket: InboxSocket): Promise<void> {
    try {
      const { token } = socket.handshake.auth as { token?: unknown };
      const principal = await this.#holderOf(token);
      if (!principal.scopes.has('conversations:read')) throw Forbidden.scope('conversations:read');
      socket.data.principal = principal;
      socket.data.live = new LiveSocket(socket, String(token));
    } catch (error) {
      const { code, detail, status } = toProblem(error);
      if (status === 500) this.#logger.error({ err: error });
      throw Object.assign(new Error(code), { data: { code, detail } });
    }
  }

  closeBehind(socket: InboxSocket): void {
    const { live } = socket.data;
    const expiry = setTimeout(() => live.dismiss('token-expired', 'UNAUTHENTICATED'), livesFor(live)).unref();
    socket.once('disconnect', () => clearTimeout(expiry));
  }

  async #holderOf(token: unknown): Promise<SocketPrincipal> {
    if (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN)
      throw new Unauthenticated('Send an access token or an API key in auth.token.');
    return token.startsWith('nd_') ? this.authenticator.holderOf(token) : this.authenticator.userOf(token);
  }
}

/** Milliseconds until the access token ends, which was verified before; API keys have no end. */
function livesFor({ credential, principal }: LiveSocket): number {
  if (principal.kind !== 'user') return 2 ** 31 - 1;
  const { exp } = JSON.parse(Buffer.from(credential.split('.')[1]!, 'base64url').toString()) as { exp: number };
  return Math.max(0, exp * 1000 - (performance.timeOrigin + performance.now()));
}
