import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { PLATFORM, type TenantId } from '../../../../kernel/ids.js';
import { Clock } from '../../../../kernel/clock.js';
import { Config } from '../../../../platform/config/config.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { REMINDERS } from '../../application/reminders-lane.js';

/**
 * Looks each minute, in each worker, for merchants whose reminders are due and whom nobody serves, and rings their lanes (S0.35, C48). Lanes
 * are rung when reminders are planned, so there are none as a rule: this is what makes the schedule in PostgreSQL the only truth.
 */
@Injectable()
export class RemindersTick {
  readonly #logger = new Logger('Reminders');

  constructor(
    private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  @Cron(CronExpression.EVERY_MINUTE)
  async tick(): Promise<void> {
    if (!this.config.works) return;
    try {
      await this.unitOfWork.inBackground(() => this.ringForgotten());
    } catch (error) {
      this.#logger.warn(`The minute's look failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** @returns how many merchants were forgotten */
  ringForgotten(): Promise<number> {
    return this.scope.run(PLATFORM, () =>
      this.unitOfWork.runSql(async (sql) => {
        const forgotten = await sql.query<{ id: TenantId }>(FORGOTTEN, [REMINDERS]);
        const dueAt = this.clock.now();
        await this.lanes.ring(
          REMINDERS,
          forgotten.map(({ id }) => ({ key: id, tenantId: id, dueAt })),
        );
        return forgotten.length;
      }),
    );
  }
}

// A probe of reminder_due a merchant, by the policy `due`, which lets the platform see what is due and nothing else.
const FORGOTTEN = `
  select t.id from tenant t
  where exists (select from reminder r where r.tenant_id = t.id and r.status in ('pending', 'rescheduled') and r.scheduled_for < (select business_now()) - interval '30 seconds')
    and not exists (select from lane l where l.kind = $1 and l.key = t.id::text and (l.due_at <= (select business_now()) or l.lease_until > now()))
    and not exists (select from lane_ring g where g.kind = $1 and g.key = t.id::text and g.due_at <= (select business_now()))`;
