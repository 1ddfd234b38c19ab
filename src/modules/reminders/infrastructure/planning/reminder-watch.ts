import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { FindReminder } from '../../application/reading/find-reminder.js';
import type { ReminderView } from '../../application/reading/reminder-view.js';

const PATIENCE_MS = 10_000;
const GLANCE_MS = 150;

/** Waits, outside of any transaction, for what becomes of a reminder that is to go now. */
@Injectable()
export class ReminderWatch {
  constructor(private readonly queries: Queries) {}

  /** @returns the reminder once it was sent, refused or put off; as it stands when patience ends */
  async outcomeOf(id: string): Promise<ReminderView> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const reminder = await this.queries.execute(new FindReminder(id));
      if (isDecided(reminder) || performance.now() >= until) return reminder;
      await delay(GLANCE_MS);
    }
  }
}

export function isDecided({ status }: ReminderView): boolean {
  return status !== 'pending' && status !== 'queued';
}
