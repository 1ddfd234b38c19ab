import { Injectable, Logger } from '@nestjs/common';
import { Notifications } from '../database/notifications.js';
import { type Announcement, EventAnnouncer } from './event-announcer.js';

const CHANNEL = 'nodue_announcements';

/** Announces by NOTIFY: enough for an installation without Redis. */
@Injectable()
export class PostgresAnnouncer extends EventAnnouncer {
  readonly #logger = new Logger(PostgresAnnouncer.name);

  constructor(private readonly notifications: Notifications) {
    super();
  }

  async announce(announcement: Announcement): Promise<void> {
    await this.notifications.notify(CHANNEL, JSON.stringify(announcement)).catch((error: unknown) => {
      this.#logger.warn(`Not announced: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  hear(listener: (announcement: Announcement) => void): void {
    this.notifications.listen(CHANNEL, (payload) => listener(JSON.parse(payload) as Announcement));
  }
}
