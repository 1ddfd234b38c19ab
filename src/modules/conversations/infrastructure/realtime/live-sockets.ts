import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids.js';
import { type Announcement, EventAnnouncer } from '../../../../platform/realtime/event-announcer.js';
import { EventSource } from './event-source.js';
import type { LiveSocket } from './live-socket.js';
import { TenantFeed } from './tenant-feed.js';

/** Announcements may be lost: after so long a process looks by itself. */
const LOOK_MS = 1000;

/** The sockets of this process, and what they are told. */
@Injectable()
export class LiveSockets implements OnApplicationShutdown {
  readonly #logger = new Logger(LiveSockets.name);
  readonly #feeds = new Map<TenantId, Promise<TenantFeed>>();
  /** Who was last said to view each thread that somebody views. */
  readonly #viewed = new Map<TenantId, Map<string, string>>();
  #looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: EventSource,
    private readonly announcer: EventAnnouncer,
  ) {}

  async add(socket: LiveSocket): Promise<void> {
    this.#listen();
    const { tenantId } = socket;
    for (;;) {
      const opening = this.#feeds.get(tenantId) ?? this.#open(tenantId);
      const feed = await opening;
      // The last socket of the tenant may have gone in the meantime, and the feed with it.
      if (this.#feeds.get(tenantId) !== opening) continue;
      if (socket.isConnected) feed.join(socket);
      else this.#close(tenantId, feed);
      return;
    }
  }

  async remove(socket: LiveSocket): Promise<void> {
    const feed = await this.#feeds.get(socket.tenantId)?.catch(() => undefined);
    if (feed?.sockets.delete(socket)) this.#close(socket.tenantId, feed);
  }

  async all(): Promise<readonly LiveSocket[]> {
    const feeds = await Promise.allSettled(this.#feeds.values());
    return feeds.flatMap((feed) => (feed.status === 'fulfilled' ? [...feed.value.sockets] : []));
  }

  /** Tells who views these threads now, if that has changed. */
  async tellPresence(tenantId: TenantId, threadIds: readonly string[]): Promise<void> {
    const feed = await this.#feeds.get(tenantId);
    if (!feed) return;
    const said = this.#viewed.get(tenantId) ?? new Map<string, string>();
    this.#viewed.set(tenantId, said);
    for (const { threadId, facts, viewers } of await this.source.presenceIn(tenantId, threadIds)) {
      const saying = JSON.stringify(viewers);
      if (saying === (said.get(threadId) ?? '[]')) continue;
      if (viewers.length > 0) said.set(threadId, saying);
      else said.delete(threadId);
      for (const socket of feed.sockets)
        if (socket.listener.access.sees(facts)) socket.emit('presence', { conversationId: threadId, viewers });
    }
  }

  /** Leases may have ended whose holder could not say so. */
  async lookAtPresence(): Promise<void> {
    for (const [tenantId, threads] of this.#viewed)
      if (threads.size > 0) await this.tellPresence(tenantId, [...threads.keys()]);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#looking);
  }

  /** Nothing is heard, and nothing looked for, before the first socket is there. */
  #listen(): void {
    if (this.#looking) return;
    this.#looking = setInterval(() => void this.#tryTo(() => this.#look()), LOOK_MS).unref();
    this.announcer.hear((announcement) => void this.#tryTo(() => this.#hear(announcement)));
  }

  async #hear(announcement: Announcement): Promise<void> {
    const { tenantId } = announcement;
    const feed = await this.#feeds.get(tenantId);
    if (announcement.about === 'events') await feed?.reachesTo(announcement.seq);
    else if (feed) await this.tellPresence(tenantId, [announcement.threadId]);
  }

  async #look(): Promise<void> {
    if (this.#feeds.size === 0) return;
    const heads = await this.source.heads([...this.#feeds.keys()]);
    for (const [tenantId, seq] of heads) await (await this.#feeds.get(tenantId))?.reachesTo(seq);
  }

  #open(tenantId: TenantId): Promise<TenantFeed> {
    const opening = this.source
      .heads([tenantId])
      .then((heads) => new TenantFeed(heads.get(tenantId) ?? 0, (seq) => this.source.after(tenantId, seq)));
    this.#feeds.set(tenantId, opening);
    opening.catch(() => this.#feeds.delete(tenantId));
    return opening;
  }

  #close(tenantId: TenantId, feed: TenantFeed): void {
    if (feed.sockets.size > 0) return;
    this.#feeds.delete(tenantId);
    this.#viewed.delete(tenantId);
  }

  async #tryTo(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.#logger.warn(`Sockets are told later: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
