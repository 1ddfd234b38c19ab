import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { aboutDue, Reminder } from '../../domain/reminder.js';
import { PlannedDues } from './planned-dues.js';
import { ReminderBell } from './reminder-bell.js';
import { Reminders } from './reminders.js';

/**
 * Reminds of a due at once (S0.32, C66): today's reminder of it, if it waits or has ended unsent, else a new one. It passes the same
 * gates as any other. @throws DueNotFound, DueIsSettled, ReminderExists when today's was sent @returns the reminder's id
 */
export class SendReminderNow extends Command<string> {
  constructor(readonly dueId: string) {
    super();
  }
}

@CommandHandler(SendReminderNow)
export class SendReminderNowHandler implements ICommandHandler<SendReminderNow> {
  constructor(
    private readonly reminders: Reminders,
    private readonly dues: PlannedDues,
    private readonly bell: ReminderBell,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ dueId }: SendReminderNow): Promise<string> {
    const now = this.clock.now();
    const about = aboutDue(await this.dues.lock(dueId), now);
    const todays = await this.reminders.occurrence(about);
    const reminder = todays ?? Reminder.byHand(newId(), about, now, undefined);
    todays?.sendNow(now);
    await (todays ? this.reminders.save(todays) : this.reminders.add(reminder));
    await this.bell.ring(now);
    await this.audit.record({ action: 'reminder.sent-now', subjectId: reminder.state.id, details: { dueId } });
    return reminder.state.id;
  }
}
