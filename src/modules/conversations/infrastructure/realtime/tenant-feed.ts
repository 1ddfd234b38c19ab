import type { ToldEvent } from './event-source.js';
import { reaches } from './audience.js';
import type { LiveSocket } from './live-socket.js';

/**
 * A tenant's events on their way to the tenant's sockets of this process, in order: one reader, from the last number that was told. A batch is told
 * without a pause, so a socket that joins is told everything after the number that it joined at, and nothing before.
 */
export class TenantFeed {
  readonly sockets = new Set<LiveSocket>();
  #wanted: number;
  #running = false;

  /** @param told the last number that nobody needs to be told any more */
  constructor(
    private told: number,
    private readonly after: (seq: number) => Promise<readonly ToldEvent[]>,
  ) {
    this.#wanted = told;
  }

  join(socket: LiveSocket): void {
    this.sockets.add(socket);
    socket.emit('hello', { seq: this.told });
  }

  /** The log reaches to `seq`. @throws what the reading throws; whoever says so again goes on from where it stopped */
  async reachesTo(seq: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, seq);
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.told < this.#wanted && this.sockets.size > 0) {
        const upTo = this.#wanted;
        const events = await this.after(this.told);
        for (const { event, about } of events)
          for (const socket of this.sockets) if (reaches(about, socket.listener)) socket.emit(event.name, event);
        this.told = events.at(-1)?.event.seq ?? upTo;
      }
    } finally {
      this.#running = false;
    }
  }
}
