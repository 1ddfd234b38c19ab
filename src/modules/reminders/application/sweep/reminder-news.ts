import { Injectable } from '@nestjs/common';
import { TenantEvents } from '../../../../platform/realtime/tenant-events.js';

/** A reminder that has come to an end, as the merchant's systems are told of it. */
export interface EndedReminder {
  readonly reminderId: string;
  readonly customerId: string;
  readonly dueId: string | null;
  /** Null: it came to no message. */
  readonly messageId: string | null;
  /** Null: it is about no due. */
  readonly stage: string | null;
}

/** Tells the merchant's systems what became of reminders (D18), in the open transaction. */
@Injectable()
export class ReminderNews {
  constructor(private readonly events: TenantEvents) {}

  /** The provider has them. */
  sent(reminders: readonly EndedReminder[]): Promise<void> {
    return this.events.append(reminders.map((payload) => ({ name: 'reminder.sent', payload: { ...payload } })));
  }

  /** They never go; `reason`: a gate, or a code of the provider's. */
  failed(reminders: readonly (EndedReminder & { readonly reason: string | null })[]): Promise<void> {
    return this.events.append(reminders.map((payload) => ({ name: 'reminder.failed', payload: { ...payload } })));
  }
}
