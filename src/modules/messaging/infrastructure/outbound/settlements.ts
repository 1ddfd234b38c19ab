import { Injectable, Logger } from '@nestjs/common';
import { isUnavailable, isUniqueViolation } from '../../../../platform/database/database-errors.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DeadLetters } from '../../../../platform/dead-letters/dead-letters.js';
import { OrphanStatuses } from '../../application/inbound/orphan-statuses.js';
import type { ProviderError, SendOutcome } from '../../domain/send-outcome.js';
import type { Settlement } from '../../domain/settlement.js';
import type { ClaimedMessage } from './send-queue.js';

/** One ended POST, to be written down. */
export interface SettledAttempt {
  readonly message: ClaimedMessage;
  readonly outcome: SendOutcome;
  readonly settlement: Settlement;
}

export interface Written {
  /** False when a status webhook had proved the message sent, or the claim was lost: the message was left as it is. */
  readonly moved: boolean;
  /** The provider has accepted an earlier attempt of this message, too. */
  readonly duplicate: boolean;
}

/** Kind of dead letter of a message that was given up after its retries. */
export const GIVEN_UP_MESSAGE = 'message';

/** Stands on the attempt that was one too many. */
const ACCEPTED_TWICE: ProviderError = {
  code: 'ACCEPTED_TWICE',
  title: 'Another attempt of this message was accepted too',
};

/** Writes down outcomes of one number, many at a time, in one transaction. */
@Injectable()
export class Settlements {
  readonly #logger = new Logger('Outbound');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly deadLetters: DeadLetters,
    private readonly orphans: OrphanStatuses,
  ) {}

  /** @throws what keeps the database from answering; the same outcomes may be written again */
  async write(phoneNumberId: string, attempts: readonly SettledAttempt[]): Promise<Written[]> {
    try {
      return await this.#write(phoneNumberId, attempts);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      // One that cannot be stored must not take the others down with it.
      if (attempts.length > 1)
        return (await Promise.all(attempts.map((attempt) => this.write(phoneNumberId, [attempt])))).flat();
      return this.#writeWithoutWamid(phoneNumberId, attempts[0]!, error);
    }
  }

  async #writeWithoutWamid(phoneNumberId: string, attempt: SettledAttempt, error: unknown): Promise<Written[]> {
    const { wamid, ...settlement } = attempt.settlement;
    if (wamid === undefined || !isUniqueViolation(error)) {
      // Its lease runs out, then a status webhook or the category's policy decides.
      this.#logger.error({ err: error, messageId: attempt.message.id });
      return [{ moved: false, duplicate: false }];
    }
    this.#logger.warn(`The provider gave message ${attempt.message.id} the id of another message`);
    return this.#write(phoneNumberId, [{ ...attempt, settlement }]);
  }

  async #write(phoneNumberId: string, given: readonly SettledAttempt[]): Promise<Written[]> {
    // In one order, as status webhooks lock them, so that the two do not wait for each other.
    const attempts = [...given].sort((a, b) => (a.message.id < b.message.id ? -1 : 1));
    return this.unitOfWork.runSql(async (sql) => {
      const column = <Value>(value: (attempt: SettledAttempt) => Value): Value[] => attempts.map(value);
      const rows = await sql.query<{ id: string; written: boolean; duplicate: boolean }>(SETTLE, [
        this.scope.tenantId,
        column(({ message }) => message.id),
        column(({ message }) => message.attemptNo),
        column(({ message }) => message.leaseToken),
        column(({ settlement }) => settlement.state),
        column(({ settlement }) => settlement.attempt),
        column(({ settlement }) => (settlement.wamid === undefined ? null : storable(settlement.wamid))),
        column(({ settlement }) => settlement.nextAt?.toISOString() ?? null),
        column(({ settlement }) => settlement.refusals),
        column(({ settlement }) => (settlement.failure ? asJson(settlement.failure) : null)),
        column(({ outcome }) => ('error' in outcome ? asJson(outcome.error) : null)),
        asJson(ACCEPTED_TWICE),
      ]);
      const rowOf = new Map(rows.map((row) => [row.id, row]));
      for (const { message, settlement } of attempts) {
        const isGivenUp = settlement.state === 'failed' && settlement.attempt === 'not_sent';
        if (isGivenUp && rowOf.get(message.id)?.written) await this.#bury(message.id, settlement);
      }
      const wamids = column(({ settlement }) => settlement.wamid).filter((wamid) => wamid !== undefined);
      if (wamids.length > 0) await this.orphans.settleOrphans(phoneNumberId, wamids);
      return given.map(({ message }) => {
        const row = rowOf.get(message.id);
        return { moved: row?.written ?? false, duplicate: row?.duplicate ?? false };
      });
    });
  }

  /** Nothing was wrong with the message: a person may send it when the fault is gone. */
  async #bury(messageId: string, { failure }: Settlement): Promise<void> {
    const lastError = failure && `${failure.code}: ${failure.title}`;
    await this.deadLetters.bury({
      kind: GIVEN_UP_MESSAGE,
      subjectId: messageId,
      reason: 'not sent after all retries',
      ...(lastError ? { lastError } : {}),
    });
  }
}

/** What comes from outside may hold what PostgreSQL does not store. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function asJson(value: object): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'string' ? storable(member) : member));
}

// Fenced by the claim's token (F02): whoever lost his claim changes nothing, with one exception. That the provider accepted the
// attempt is proof, whoever brings it, so it also ends `unknown` and `parked`, and a resend that has not begun. A row that a status
// webhook has moved on (F13) is in none of these states: it is not set back.
const SETTLE = `
  with done as (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::int[], $10::jsonb[], $11::jsonb[])
      as d (id, attempt_no, lease_token, state, attempt, wamid, next_at, refusals, failure, error)),
  settled as (
    update message m set state = d.state, wamid = coalesce(d.wamid, m.wamid), next_at = coalesce(d.next_at, m.next_at), refusals = d.refusals,
      failure = d.failure, attempt_no = m.attempt_no - (d.attempt = 'undone')::int, lease_token = null, lease_until = null,
      updated_at = (select business_now())
    from done d
    where m.tenant_id = $1::uuid and m.id = d.id and m.attempt_no = d.attempt_no
      and (m.state = 'sending' and m.lease_token = d.lease_token or d.state = 'accepted' and m.state in ('unknown', 'parked', 'queued'))
    returning m.id, d.attempt_no, d.attempt),
  undone as (
    delete from send_attempt a using settled s
    where s.attempt = 'undone' and a.tenant_id = $1::uuid and a.message_id = s.id and a.attempt_no = s.attempt_no),
  finished as (
    update send_attempt a set finished_at = (select business_now()), outcome = d.attempt, wamid = d.wamid,
      error = case when d.attempt = 'accepted' and other.accepted is not null then $12::jsonb else d.error end
    from done d left join settled s on s.id = d.id
    left join lateral (
      select true as accepted from send_attempt o
      where (d.attempt_no > 1 or s.id is null) and o.tenant_id = $1::uuid and o.message_id = d.id and o.attempt_no <> d.attempt_no and o.outcome = 'accepted' limit 1
    ) other on true
    where d.attempt <> 'undone' and a.tenant_id = $1::uuid and a.message_id = d.id and a.attempt_no = d.attempt_no
      and (a.outcome is null or d.attempt = 'accepted' and a.outcome <> 'accepted')
    returning a.message_id, d.attempt = 'accepted' and other.accepted is not null as duplicate)
  select d.id, s.id is not null as written, coalesce(f.duplicate, false) as duplicate
  from done d left join settled s on s.id = d.id left join finished f on f.message_id = d.id`;
