import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { TenantId } from '../../../../kernel/ids.js';
import { Authenticator } from '../../../../platform/auth/index.js';
import { Config } from '../../../../platform/config/config.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Presence } from '../../application/presence/presence.js';
import { RENEW_VIEWERS_MS } from '../presence/sql-presence.js';
import { EventSource } from './event-source.js';
import type { LiveSocket, SocketPrincipal } from './live-socket.js';
import { LiveSockets } from './live-sockets.js';
import { OpenConversations } from './open-conversations.js';

/** A session that was ended is cut off, and a role that was changed counts, within 5 seconds (F53). */
export const LOOK_MS = 3000;

/** Asks again and again whether the holders of sockets may still see what they see, and keeps the leases of what they view. */
@Injectable()
export class AccessWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(AccessWatch.name);
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly config: Config,
    private readonly sockets: LiveSockets,
    private readonly open: OpenConversations,
    private readonly source: EventSource,
    private readonly authenticator: Authenticator,
    private readonly presence: Presence,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.servesHttp) return;
    this.#every(LOOK_MS, () => this.look());
    this.#every(RENEW_VIEWERS_MS, () => this.renew());
  }

  onApplicationShutdown(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
  }

  /** While the database cannot be asked, sockets stay as they are. */
  async look(): Promise<void> {
    const sockets = await this.sockets.all();
    if (sockets.length === 0) return;
    const holders = await this.#holders(sockets);
    for (const socket of sockets) {
      const principal = holders.get(socket.credential);
      if (!principal?.scopes.has('conversations:read')) socket.dismiss('session-ended', 'UNAUTHENTICATED');
      else if (socket.becomes(principal)) socket.emit('access-changed', {});
    }
    const connected = sockets.filter(({ isConnected }) => isConnected);
    for (const [tenantId, own] of Map.groupBy(connected, (socket) => socket.tenantId))
      await this.#leaveUnseen(tenantId, own);
  }

  async renew(): Promise<void> {
    const sockets = await this.sockets.all();
    for (const [tenantId, own] of Map.groupBy(sockets, (socket) => socket.tenantId)) await this.#renew(tenantId, own);
    await this.sockets.lookAtPresence();
  }

  /** What is seen no more is shown no more: its number moved, it was taken away, or its viewer works elsewhere. */
  async #leaveUnseen(tenantId: TenantId, sockets: readonly LiveSocket[]): Promise<void> {
    const shown = await this.source.shownBy(
      tenantId,
      sockets.map(({ id }) => id),
    );
    for (const socket of sockets) {
      const facts = shown.get(socket.id);
      if (facts && !socket.listener.access.sees(facts)) await this.open.leave(socket);
    }
  }

  async #renew(tenantId: TenantId, sockets: readonly LiveSocket[]): Promise<void> {
    const connections = sockets.map(({ id }) => id);
    await this.scope.run(tenantId, () =>
      this.unitOfWork.inBackground(() => this.unitOfWork.runSql(() => this.presence.renew(connections))),
    );
  }

  async #holders(sockets: readonly LiveSocket[]): Promise<ReadonlyMap<string, SocketPrincipal>> {
    const credentials = Map.groupBy(sockets, ({ principal }) => principal.kind);
    const ofUsers = credentials.get('user')?.map(({ credential }) => credential) ?? [];
    const ofPrograms = new Set(credentials.get('api-key')?.map(({ credential }) => credential));
    const holders = new Map<string, SocketPrincipal>(
      await this.unitOfWork.inBackground(() => this.authenticator.usersOf([...new Set(ofUsers)])),
    );
    for (const key of ofPrograms) {
      const holder = await this.authenticator.holderOf(key).catch((error: unknown) => {
        if (error instanceof DomainError) return undefined;
        throw error;
      });
      if (holder) holders.set(key, holder);
    }
    return holders;
  }

  #every(milliseconds: number, work: () => Promise<void>): void {
    let isBusy = false;
    const turn = async (): Promise<void> => {
      if (isBusy) return;
      isBusy = true;
      await work().catch((error: unknown) => {
        this.#logger.warn(`Sockets are looked at later: ${error instanceof Error ? error.message : String(error)}`);
      });
      isBusy = false;
    };
    this.#timers.push(setInterval(() => void turn(), milliseconds).unref());
  }
}
