import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { TenantId } from '../../../../kernel/ids.js';
import { actorOf, type ApiKeyPrincipal, inboxAccessOf, type UserPrincipal } from '../../../../platform/auth/index.js';
import { withheldFrom } from '../../../../platform/realtime/tenant-event-names.js';
import type { Listener } from './audience.js';

export type SocketPrincipal = UserPrincipal | ApiKeyPrincipal;

/** What a socket carries once it has shown who it is; the guard of gateways reads the principal. */
export interface SocketHolder {
  live: LiveSocket;
  principal: SocketPrincipal;
}
export type InboxSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketHolder>;
export type InboxServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketHolder>;

/** A socket that has shown who it is. */
export class LiveSocket {
  #listener: Listener;

  constructor(
    private readonly socket: InboxSocket,
    /** Shown again every few seconds: a session may end, and a role may change, while the socket lives. */
    readonly credential: string,
  ) {
    this.#listener = listenerOf(socket.data.principal);
  }

  get id(): string {
    return this.socket.id;
  }

  get tenantId(): TenantId {
    return this.principal.tenantId;
  }

  get principal(): SocketPrincipal {
    return this.socket.data.principal;
  }

  get listener(): Listener {
    return this.#listener;
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  emit(event: string, payload: object): void {
    this.socket.emit(event, payload);
  }

  /** @returns whether the holder may see other things than before */
  becomes(principal: SocketPrincipal): boolean {
    const isOther = reachOf(principal) !== reachOf(this.principal);
    this.socket.data.principal = principal;
    if (isOther) this.#listener = listenerOf(principal);
    return isOther;
  }

  /** For good: the client must show another credential. */
  dismiss(event: string, code: string): void {
    this.socket.emit(event, { code });
    this.socket.disconnect(true);
  }

  /** As if the line had been cut: the client comes back by itself. */
  drop(): void {
    this.socket.conn.close();
  }
}

function listenerOf(principal: SocketPrincipal): Listener {
  return {
    access: inboxAccessOf(principal),
    actor: actorOf(principal),
    userId: principal.kind === 'user' ? principal.userId : undefined,
    withheld: withheldFrom(principal.scopes),
  };
}

function reachOf(principal: SocketPrincipal): string {
  const { areas, scopes } = principal;
  const reach = [areas === 'all' ? areas : [...areas].sort(), [...scopes].sort()];
  return JSON.stringify(principal.kind === 'user' ? [...reach, principal.role, principal.salesAssignedOnly] : reach);
}
