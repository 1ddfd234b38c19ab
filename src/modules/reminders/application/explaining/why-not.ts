import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { type DueCourse, explainCourse, type ReminderInCourse } from '../../domain/explanation-of-course.js';

/** Where the reminders of a customer's open dues stand, and why nothing goes out now (D4). */
export interface WhyNotView {
  readonly optedOutAt: Date | null;
  /** Somebody has blocked a conversation with the customer: nobody is reminded there. */
  readonly isBlocked: boolean;
  readonly dues: readonly DueCourseView[];
}

export interface DueCourseView {
  readonly dueId: string;
  readonly dueDate: CalendarDate;
  readonly outstanding: { readonly amountMinor: number; readonly currency: string };
  readonly pausedUntil: Date | null;
  /** What is planned, waits or is on its way. */
  readonly next: ReminderInCourse | null;
  /** What ended last. */
  readonly last: ReminderInCourse | null;
  readonly sentence: string;
}

/** The first hundred open dues of a customer by due date. @throws CustomerNotFound */
export class WhyNot extends Query<WhyNotView> {
  constructor(readonly customerId: string) {
    super();
  }
}

interface CourseRow {
  readonly dueId: string;
  readonly dueDate: CalendarDate;
  readonly outstandingMinor: number;
  readonly currency: string;
  readonly pausedUntil: Date | null;
  readonly next: StoredReminder | null;
  readonly last: StoredReminder | null;
}

interface StandingRow {
  readonly optedOutAt: Date | null;
  readonly isBlocked: boolean;
  readonly zone: string;
}

type StoredReminder = Omit<ReminderInCourse, 'scheduledFor' | 'sentAt'> & {
  readonly scheduledFor: string;
  readonly sentAt: string | null;
};

@QueryHandler(WhyNot)
export class WhyNotHandler implements IQueryHandler<WhyNot> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ customerId }: WhyNot): Promise<WhyNotView> {
    const { sql } = this.unitOfWork;
    const parameters = [this.scope.tenantId, customerId];
    // A read model over the books and the reminders.
    const [customer] = await sql.query<StandingRow>(
      `select c.opted_out_at as "optedOutAt", coalesce(c.timezone, t.timezone) as zone,
         exists (select from thread h
           where h.tenant_id = c.tenant_id and h.contact_id = c.id and h.status = 'blocked' and h.merged_into_id is null) as "isBlocked"
       from customer c join tenant t on t.id = c.tenant_id
       where c.tenant_id = $1::uuid and c.id = $2::uuid`,
      parameters,
    );
    if (!customer) throw new CustomerNotFound();
    const rows = await sql.query<CourseRow>(
      `select d.id as "dueId", d.due_date::text as "dueDate", (d.amount_minor - d.paid_minor - d.written_off_minor)::float8 as "outstandingMinor",
         d.currency, d.reminder_paused_until as "pausedUntil", next.reminder as next, last.reminder as last
       from due d
       left join lateral (select ${REMINDER} as reminder from reminder r
         where r.tenant_id = d.tenant_id and r.due_id = d.id and r.status in ('pending', 'rescheduled', 'queued')
         order by r.scheduled_for, r.id limit 1) next on true
       left join lateral (select ${REMINDER} as reminder from reminder r
         where r.tenant_id = d.tenant_id and r.due_id = d.id and r.status in ('sent', 'failed', 'cancelled', 'expired')
           and r.reason is distinct from 'REPLANNED'
         order by r.updated_at desc, r.id desc limit 1) last on true
       where d.tenant_id = $1::uuid and d.customer_id = $2::uuid and d.settled_at is null
       order by d.due_date, d.id limit 100`,
      parameters,
    );
    const { optedOutAt, isBlocked } = customer;
    return { optedOutAt, isBlocked, dues: rows.map((row) => toCourseView(row, customer)) };
  }
}

const REMINDER = `jsonb_build_object('reminderId', r.id, 'stage', r.stage, 'status', r.status, 'reason', r.reason,
  'scheduledFor', to_jsonb(r.scheduled_for), 'sentAt', to_jsonb(r.sent_at))`;

function toCourseView(
  { outstandingMinor, currency, next, last, ...due }: CourseRow,
  { optedOutAt, isBlocked, zone }: StandingRow,
): DueCourseView {
  const course: DueCourse = { optedOutAt, isBlocked, next: toReminder(next), last: toReminder(last) };
  return {
    ...due,
    outstanding: { amountMinor: outstandingMinor, currency },
    next: course.next,
    last: course.last,
    sentence: explainCourse(course, zone),
  };
}

function toReminder(stored: StoredReminder | null): ReminderInCourse | null {
  return (
    stored && {
      ...stored,
      scheduledFor: new Date(stored.scheduledFor),
      sentAt: stored.sentAt === null ? null : new Date(stored.sentAt),
    }
  );
}
