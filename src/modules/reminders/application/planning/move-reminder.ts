import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { type About, aboutCustomer, aboutDue, type ReminderState } from '../../domain/reminder.js';
import { ReminderExists } from '../../domain/reminder-errors.js';
import { PlannedDues } from './planned-dues.js';
import { ReminderBell } from './reminder-bell.js';
import { Reminders } from './reminders.js';

/** Lets a reminder go at another instant, without touching the due (S0.33). @throws ReminderNotFound, ReminderNotWaiting, ReminderNotAhead, ReminderExists */
export class MoveReminder extends Command<void> {
  constructor(
    readonly id: string,
    readonly scheduledFor: Date,
  ) {
    super();
  }
}

@CommandHandler(MoveReminder)
export class MoveReminderHandler implements ICommandHandler<MoveReminder> {
  constructor(
    private readonly reminders: Reminders,
    private readonly dues: PlannedDues,
    private readonly bell: ReminderBell,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ id, scheduledFor }: MoveReminder): Promise<void> {
    const reminder = await this.reminders.getForUpdate(id);
    reminder.moveTo(scheduledFor, this.clock.now(), await this.#aboutAt(reminder.state, scheduledFor));
    const there = reminder.state.stage && (await this.reminders.occurrence(reminder.state));
    if (there && there.state.id !== id) throw new ReminderExists(there.state.id, there.state.status);
    await this.reminders.save(reminder);
    await this.bell.ring(scheduledFor);
    await this.audit.record({ action: 'reminder.moved', subjectId: id, details: { scheduledFor } });
  }

  async #aboutAt({ dueId, customerId, kind }: ReminderState, at: Date): Promise<About> {
    if (dueId !== undefined) return aboutDue(await this.dues.lock(dueId), at);
    const { zone } = await this.reminders.lockCustomer(customerId);
    return aboutCustomer(customerId, kind, zone, at);
  }
}
