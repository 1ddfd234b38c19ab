import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { LocalDays } from '../../domain/local-days.js';
import { type OverdueDue, OverdueScans, type ScannedZone } from './overdue-scans.js';
import { PlanDueReminders } from './plan-due-reminders.js';

/** Dues that one transaction plans. */
const BATCH = 1000;

/**
 * Plans what has become overdue (S0.29, S0.30): once for each local day of each zone in which the merchant has customers. A transaction
 * for each batch; a scan that was cut off begins its day again and finds done what was done.
 * @returns the next local midnight of any of the zones; undefined when there is no zone to look at
 */
@OpensItsOwnTransactions()
export class ScanOverdue extends Command<Date | undefined> {}

@CommandHandler(ScanOverdue)
export class ScanOverdueHandler implements ICommandHandler<ScanOverdue> {
  readonly #days = new LocalDays();

  constructor(
    private readonly scans: OverdueScans,
    private readonly planner: PlanDueReminders,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<Date | undefined> {
    const now = this.clock.now();
    const zones = await this.unitOfWork.runSql(() => this.scans.zones());
    let next: Date | undefined;
    for (const scanned of zones) {
      const today = this.#days.of(scanned.zone, now);
      if (scanned.scannedOn === undefined || scanned.scannedOn < today.date) await this.#scan(scanned, today.date);
      if (next === undefined || today.endsAt < next) next = today.endsAt;
    }
    return next;
  }

  async #scan(scanned: ScannedZone, today: CalendarDate): Promise<void> {
    let last: OverdueDue | undefined;
    do last = await this.unitOfWork.runSql(() => this.#planNext(scanned, today, last));
    while (last);
  }

  /** @returns where to go on; undefined at the end, which is noted */
  async #planNext(
    scanned: ScannedZone,
    today: CalendarDate,
    after: OverdueDue | undefined,
  ): Promise<OverdueDue | undefined> {
    const dues = await this.scans.next(scanned, today, after, BATCH);
    await this.planner.plan(dues.map(({ id }) => id));
    if (dues.length === BATCH) return dues.at(-1);
    await this.scans.noteScanned(scanned.zone, today);
    return undefined;
  }
}
