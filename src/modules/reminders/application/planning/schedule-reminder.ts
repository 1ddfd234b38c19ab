import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import type { ReminderKind } from '../../domain/assessment.js';
import { aboutCustomer, aboutDue, checkAhead, Reminder } from '../../domain/reminder.js';
import { ReminderIncomplete } from '../../domain/reminder-errors.js';
import { PlannedDues } from './planned-dues.js';
import { ReminderBell } from './reminder-bell.js';
import { Reminders } from './reminders.js';

export interface ReminderRequest {
  /** Of PAYMENT_DUE. */
  readonly dueId: string | undefined;
  /** Of the other kinds. */
  readonly customerId: string | undefined;
  /** Left out: PAYMENT_DUE where a due is named, else CUSTOM. */
  readonly kind: ReminderKind | undefined;
  readonly scheduledFor: Date;
  readonly message: string | undefined;
}

/**
 * Schedules a reminder by hand (S0.31, S3.28-S3.31). What the plan has for that day, and has ended unsent, is taken up again.
 * @throws ReminderIncomplete, ReminderNotAhead, DueNotFound, CustomerNotFound, DueIsSettled, ReminderExists
 * @returns the reminder's id
 */
export class ScheduleReminder extends Command<string> {
  constructor(readonly request: ReminderRequest) {
    super();
  }
}

@CommandHandler(ScheduleReminder)
export class ScheduleReminderHandler implements ICommandHandler<ScheduleReminder> {
  constructor(
    private readonly reminders: Reminders,
    private readonly dues: PlannedDues,
    private readonly bell: ReminderBell,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ request }: ScheduleReminder): Promise<string> {
    checkAhead(request.scheduledFor, this.clock.now());
    const reminder = await this.#schedule(request);
    const { id, kind, scheduledFor } = reminder.state;
    await this.bell.ring(scheduledFor);
    await this.audit.record({ action: 'reminder.scheduled', subjectId: id, details: { kind, scheduledFor } });
    return id;
  }

  #schedule(request: ReminderRequest): Promise<Reminder> {
    const { dueId, customerId, kind = dueId === undefined ? 'CUSTOM' : 'PAYMENT_DUE' } = request;
    if (kind === 'PAYMENT_DUE') {
      if (dueId === undefined || customerId !== undefined)
        throw new ReminderIncomplete('A reminder to pay names its dueId, and no customerId.');
      return this.#ofDue(dueId, request);
    }
    if (customerId === undefined || dueId !== undefined || request.message === undefined)
      throw new ReminderIncomplete(`A reminder of kind ${kind} names its customerId and its message, and no dueId.`);
    return this.#ofCustomer(customerId, kind, request);
  }

  async #ofDue(dueId: string, { scheduledFor, message }: ReminderRequest): Promise<Reminder> {
    const about = aboutDue(await this.dues.lock(dueId), scheduledFor);
    const standing = await this.reminders.occurrence(about);
    if (standing) {
      standing.takeUpAgain(scheduledFor, message);
      await this.reminders.save(standing);
      return standing;
    }
    return this.#add(Reminder.byHand(newId(), about, scheduledFor, message));
  }

  async #ofCustomer(
    customerId: string,
    kind: ReminderKind,
    { scheduledFor, message }: ReminderRequest,
  ): Promise<Reminder> {
    const { id, zone } = await this.reminders.lockCustomer(customerId);
    return this.#add(Reminder.byHand(newId(), aboutCustomer(id, kind, zone, scheduledFor), scheduledFor, message));
  }

  async #add(reminder: Reminder): Promise<Reminder> {
    await this.reminders.add(reminder);
    return reminder;
  }
}
