import { Injectable, Logger } from '@nestjs/common';
import { isUniqueViolation } from '../../../../platform/database/database-errors.js';
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

  async write(phoneNumberId: string, attempts: readonly SettledAttempt[]): Promise<Written[]> {
    try {
      return await this.#write(phoneNumberId, attempts);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // The provider gave a wamid that another message has. It must not take the other outcomes down with it.
      if (attempts.length > 1)
        return (await Promise.all(attempts.map((attempt) => this.write(phoneNumberId, [attempt])))).flat();
      const [attempt] = attempts as [SettledAttempt];
      this.#logger.warn(`The provider gave message ${attempt.message.id} the id of another message`);
      const { wamid: _, ...settlement } = attempt.settlement;
      return this.#write(phoneNumberId, [{ ...attempt, settlement }]);
    }
  }

  async #write(phoneNumberId: string, attempts: readonly SettledAttempt[]): Promise<Written[]> {
    return this.unitOfWork.runSql(async (sql) => {
      const column = <Value>(value: (attempt: SettledAttempt) => Value): Value[] => attempts.map(value);
      const rows = await sql.query<{ id: string; written: boolean; duplicate: boolean }>(SETTLE, [
        this.scope.tenantId,
        column(({ message }) => message.id),
        column(({ message }) => message.attemptNo),
        column(({ message }) => message.leaseToken),
        column(({ settlement }) => settlement.state),
        column(({ settlement }) => settlement.attempt),
        column(({ settlement }) => settlement.wamid ?? null),
        column(({ settlement }) => settlement.nextAt?.toISOString() ?? null),
        column(({ settlement }) => settlement.refusals),
        column(({ settlement }) => (settlement.failure ? JSON.stringify(settlement.failure) : null)),
        column(({ outcome }) => ('error' in outcome ? JSON.stringify(outcome.error satisfies ProviderError) : null)),
      ]);
      const rowOf = new Map(rows.map((row) => [row.id, row]));
      for (const { message, settlement } of attempts) {
        const isGivenUp = settlement.state === 'failed' && settlement.attempt === 'not_sent';
        if (isGivenUp && rowOf.get(message.id)?.written) await this.#bury(message.id, settlement);
      }
      const wamids = column(({ settlement }) => settlement.wamid).filter((wamid) => wamid !== undefined);
      if (wamids.length > 0) await this.orphans.settleOrphans(phoneNumberId, wamids);
      return column(({ message }) => {
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
    update send_attempt a set finished_at = (select business_now()), outcome = d.attempt, wamid = d.wamid, error = d.error
    from done d
    where d.attempt <> 'undone' and a.tenant_id = $1::uuid and a.message_id = d.id and a.attempt_no = d.attempt_no
      and (a.outcome is null or d.attempt = 'accepted' and a.outcome <> 'accepted'))
  select d.id, s.id is not null as written, d.attempt = 'accepted' and d.attempt_no > 1 and exists (
      select from send_attempt o where o.tenant_id = $1::uuid and o.message_id = d.id and o.attempt_no < d.attempt_no and o.outcome = 'accepted') as duplicate
  from done d left join settled s on s.id = d.id`;
