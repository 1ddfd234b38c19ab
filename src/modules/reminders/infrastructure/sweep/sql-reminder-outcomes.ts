import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type FollowedMove, NOBODY_ANSWERS, type OutboundState, type SendFailure } from '../../../messaging/index.js';
import { type EndedReminder, ReminderNews } from '../../application/sweep/reminder-news.js';
import { ReminderOutcomes } from '../../application/sweep/reminder-outcomes.js';

/** What a message's state means for its reminder; `noted`: it still waits, with a word about why; `missed`: it is due again. */
type Outcome = 'sent' | 'failed' | 'cancelled' | 'noted' | 'missed';

const OUTCOMES: Readonly<Partial<Record<OutboundState, Outcome>>> = {
  accepted: 'sent',
  sent: 'sent',
  delivered: 'sent',
  read: 'sent',
  failed: 'failed',
  expired: 'failed',
  cancelled: 'cancelled',
  unknown: 'noted',
  parked: 'noted',
};

interface ClosedReminder extends EndedReminder {
  readonly outcome: Outcome;
  readonly reason: string | null;
}

/** Reminders that a person called back on their way. */
const CALLED_BACK = 'CANCELLED_BY_USER';

@Injectable()
export class SqlReminderOutcomes extends ReminderOutcomes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly news: ReminderNews,
  ) {
    super();
  }

  async record(moves: readonly FollowedMove[], at: Date): Promise<void> {
    const told = moves.flatMap((move) => {
      const outcome = outcomeOf(move);
      return outcome ? [{ ...move, outcome }] : [];
    });
    if (told.length === 0) return;
    const parameters = [
      this.scope.tenantId,
      told.map(({ subjectId }) => subjectId),
      told.map(({ messageId }) => messageId),
      told.map(({ outcome }) => outcome),
      told.map(({ state, failure }) => (failure ? `${failure.code} ${failure.title}` : WORDS[state]!)),
      told.map(({ state, failure }) => codeOf(state, failure)),
      at.toISOString(),
      told.map(() => newId()),
    ];
    // Customers before reminders, as everybody locks them.
    await this.unitOfWork.sql.query(NOTE_LAST_REMINDER, [...parameters.slice(0, 4), at.toISOString()]);
    const closed = await this.unitOfWork.sql.query<ClosedReminder>(CLOSE, parameters);
    const ended = (as: Outcome) => closed.flatMap(({ outcome, ...reminder }) => (outcome === as ? reminder : []));
    await this.news.sent(ended('sent').map(({ reason: _, ...reminder }) => reminder));
    await this.news.failed(ended('failed'));
  }
}

function outcomeOf({ state, failure }: FollowedMove): Outcome | undefined {
  return state === 'cancelled' && failure?.code === NOBODY_ANSWERS ? 'missed' : OUTCOMES[state];
}

const WORDS: Readonly<Partial<Record<OutboundState, string>>> = {
  unknown: 'The answer of WhatsApp was lost: it may have been sent',
  parked: 'The answer of WhatsApp was lost: it may have been sent, a person decides',
  expired: 'Its time was over before it could be sent',
};

/** What was cancelled may have failed before; that is not why it was cancelled. */
function codeOf(state: OutboundState, failure: SendFailure | undefined): string | null {
  if (failure === undefined || (state === 'cancelled' && failure.class !== 'withheld')) return null;
  return String(failure.code);
}

const TOLD = `unnest($2::uuid[], $3::uuid[], $4::text[]) as told (id, message_id, outcome)`;

// Only reminders that were not known to be sent: what is delivered and read after that is of no concern, and costs no write.
// The customers are looked up once, as an array: as a join, the planner may look every reminder through again for each customer.
const NOTE_LAST_REMINDER = `
  with reminded as (
    select c.id from customer c
    where c.tenant_id = $1::uuid and c.id = any(array(
      select r.customer_id from reminder r join ${TOLD} on r.id = told.id and r.message_id = told.message_id
      where r.tenant_id = $1::uuid and r.id = any($2::uuid[]) and told.outcome = 'sent' and r.status <> 'sent'))
    order by c.id for no key update)
  update customer c set last_reminder_at = greatest(c.last_reminder_at, $5::timestamptz)
  from reminded where c.tenant_id = $1::uuid and c.id = reminded.id`;

// That the provider has it is proof, whatever was believed before; no other news changes what is sent. `noted` leaves it on its way. What was
// missed is handed over again, and that happens once for each time that it is due: so it is due at another, the next there is.
const CLOSE = `
  with told as (
    select * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $8::uuid[]) as t (id, message_id, outcome, words, code, decision_id)),
  closed as (
    update reminder r set
      status = case told.outcome when 'noted' then r.status when 'missed' then 'rescheduled' else told.outcome end,
      reason = case told.outcome when 'sent' then null when 'cancelled' then coalesce(told.code, '${CALLED_BACK}') when 'missed' then told.code when 'failed' then coalesce(told.code, 'SEND_FAILED') else 'MAYBE_SENT' end,
      scheduled_for = case when told.outcome = 'missed' then r.scheduled_for + interval '1 millisecond' else r.scheduled_for end,
      message_id = case when told.outcome = 'missed' then null else r.message_id end,
      queued_at = case when told.outcome = 'missed' then null else r.queued_at end,
      sent_at = case when told.outcome = 'sent' then coalesce(r.sent_at, $7::timestamptz) else r.sent_at end,
      attempts = r.attempts + (told.outcome in ('failed', 'noted', 'sent'))::int,
      last_error = case when told.outcome in ('failed', 'noted') then told.words else r.last_error end,
      updated_at = $7::timestamptz
    from told
    where r.tenant_id = $1::uuid and r.id = any($2::uuid[]) and r.id = told.id and r.message_id = told.message_id
      and (told.outcome = 'sent' and r.status <> 'sent' or told.outcome <> 'sent' and r.status = 'queued'
        or told.outcome = 'failed' and told.code is not null and r.status = 'sent')
    returning r.id, r.customer_id, r.due_id, r.message_id, r.stage, r.reason, told.outcome, told.decision_id, told.words),
  noted as (
    insert into reminder_decision (tenant_id, reminder_id, id, at, occasion, verdict, reason, policy_version, facts)
    select $1::uuid, id, decision_id, $7::timestamptz, 'outcome',
      case outcome when 'sent' then 'send' when 'failed' then 'fail' when 'cancelled' then 'cancel' else 'defer' end, reason, 0,
      jsonb_build_object('outcome', outcome, 'words', words)
    from closed where outcome <> 'sent')
  select id as "reminderId", customer_id as "customerId", due_id as "dueId", message_id as "messageId", stage, outcome, reason from closed`;
