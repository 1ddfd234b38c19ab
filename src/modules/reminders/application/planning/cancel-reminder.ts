import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Overtaken } from '../../../../platform/database/database-errors.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { CancelMessage, MessageNotCancellable } from '../../../messaging/index.js';
import type { ReminderState } from '../../domain/reminder.js';
import { ReminderSent } from '../../domain/reminder-errors.js';
import { Reminders } from './reminders.js';

/** Cancels a reminder, without touching the due (S0.33). One that has ended unsent stays as it is. @throws ReminderNotFound, ReminderSent */
export class CancelReminder extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(CancelReminder)
export class CancelReminderHandler implements ICommandHandler<CancelReminder> {
  constructor(
    private readonly reminders: Reminders,
    private readonly commands: Commands,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Whoever sends locks the message before the books, so it is called back before the books are locked here. When one is handed over
   * between the two looks, this runs again and sees it first.
   */
  async execute({ id }: CancelReminder): Promise<void> {
    const seen = await this.reminders.find(id);
    await this.#callBack(seen);
    const reminder = await this.reminders.getForUpdate(id);
    if (reminder.state.status === 'queued' && reminder.state.messageId !== seen.messageId)
      throw new Overtaken('The reminder was handed over to be sent meanwhile');
    reminder.cancel();
    await this.reminders.save(reminder);
    await this.audit.record({ action: 'reminder.cancelled', subjectId: id });
  }

  async #callBack({ status, messageId }: ReminderState): Promise<void> {
    if (status !== 'queued' || messageId === undefined) return;
    try {
      await this.commands.execute(new CancelMessage(messageId));
    } catch (error) {
      throw error instanceof MessageNotCancellable ? new ReminderSent() : error;
    }
  }
}
