import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type Announcement, EventAnnouncer } from './event-announcer.js';

const CHANNEL = '{nodue}:announcements';
const PATIENCE_MS = 500;

/** Announces through Redis; a connection that subscribes can do nothing else, so there are two where somebody hears. */
export class RedisAnnouncer extends EventAnnouncer implements OnApplicationShutdown {
  readonly #logger = new Logger(RedisAnnouncer.name);
  readonly #speaker: Redis;
  #ear: Redis | undefined;

  constructor(private readonly url: string) {
    super();
    this.#speaker = this.#connection({ maxRetriesPerRequest: 1, commandTimeout: PATIENCE_MS });
  }

  async announce(announcement: Announcement): Promise<void> {
    await this.#speaker.publish(CHANNEL, JSON.stringify(announcement)).catch((error: unknown) => {
      this.#logger.warn(`Not announced: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  hear(listener: (announcement: Announcement) => void): void {
    // Subscribes again by itself whenever it has connected again.
    this.#ear ??= this.#connection({ maxRetriesPerRequest: null });
    this.#ear.on('message', (_channel, payload) => listener(JSON.parse(payload) as Announcement));
    this.#ear.subscribe(CHANNEL).catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.#speaker.disconnect();
    this.#ear?.disconnect();
  }

  #connection(patience: { maxRetriesPerRequest: number | null; commandTimeout?: number }): Redis {
    const redis = new Redis(this.url, {
      ...patience,
      disconnectTimeout: PATIENCE_MS,
      retryStrategy: (tries) => Math.min(2000, tries * 100),
    });
    redis.on('error', () => undefined);
    return redis;
  }
}
