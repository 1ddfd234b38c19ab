import { Injectable, Logger } from '@nestjs/common';
import { isUnavailable, isUniqueViolation } from '../../../../platform/database/database-errors.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DeadLetters } from '../../../../platform/dead-letters/dead-letters.js';
import { OrphanStatuses } from '../../application/inbound/orphan-statuses.js';
import type { ProviderError, SendOutcome } from '../../domain/send-outcome.js';
import type { Settlement } from '../../domain/settlement.js';
import { Followers, MOVED_COLUMNS, type MovedRow } from './followers.js';
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
    private readonly followers: Followers,
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
      const rows = await sql.query<MovedRow>(SETTLE, [
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
      ]);
      const moved = new Set(rows.map(({ id }) => id));
      await this.#undo(sql, attempts);
      const twice = await this.#markTwice(sql, attempts, moved);
      await this.#bury(attempts.filter(({ message }) => moved.has(message.id)));
      const wamids = column(({ settlement }) => settlement.wamid).filter((wamid) => wamid !== undefined);
      await this.followers.tell(rows.filter(({ state }) => state !== 'queued'));
      if (wamids.length > 0) await this.orphans.settleOrphans(phoneNumberId, wamids);
      return given.map(({ message }) => ({ moved: moved.has(message.id), duplicate: twice.has(message.id) }));
    });
  }

  async #undo(sql: SqlExecutor, attempts: readonly SettledAttempt[]): Promise<void> {
    const undone = attempts.filter(({ settlement }) => settlement.attempt === 'undone');
    if (undone.length > 0) await sql.query(UNDO, [this.scope.tenantId, undone.map(({ message }) => message.id)]);
  }

  /** @returns messages of which a second acceptance is news */
  async #markTwice(
    sql: SqlExecutor,
    attempts: readonly SettledAttempt[],
    moved: ReadonlySet<string>,
  ): Promise<Set<string>> {
    const suspects = attempts.filter(
      ({ message, settlement }) =>
        settlement.attempt === 'accepted' && (message.attemptNo > 1 || !moved.has(message.id)),
    );
    if (suspects.length === 0) return new Set();
    const ids = suspects.map(({ message }) => message.id);
    const marked = await sql.query<{ id: string }>(MARK_TWICE, [this.scope.tenantId, ids, asJson(ACCEPTED_TWICE)]);
    return new Set(marked.map(({ id }) => id));
  }

  /** Nothing was wrong with these messages: a person may send them when the fault is gone. */
  async #bury(attempts: readonly SettledAttempt[]): Promise<void> {
    for (const { message, settlement } of attempts) {
      if (settlement.state !== 'failed' || settlement.attempt !== 'not_sent') continue;
      const { failure } = settlement;
      await this.deadLetters.bury({
        kind: GIVEN_UP_MESSAGE,
        subjectId: message.id,
        reason: 'not sent after all retries',
        ...(failure ? { lastError: `${failure.code}: ${failure.title}` } : {}),
      });
    }
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
// attempt is proof, whoever brings it, so it also ends `unknown` and `parked`, and a resend, begun or not. A row that a status webhook
// has moved on (F13) is in none of these states: it is not set back. The ids stand beside the join, so that rows are found by
// their key even while the tables' statistics are those of empty ones.
const SETTLE = `
  with done as (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::int[], $10::jsonb[], $11::jsonb[])
      as d (id, attempt_no, lease_token, state, attempt, wamid, next_at, refusals, failure, error)),
  finished as (
    update send_attempt a set finished_at = (select business_now()), outcome = d.attempt, wamid = d.wamid, error = d.error
    from done d
    where a.tenant_id = $1::uuid and a.message_id = any($2::uuid[]) and a.message_id = d.id and a.attempt_no = d.attempt_no
      and (d.attempt = 'accepted' and a.outcome is distinct from 'accepted'
        or d.attempt <> 'undone' and a.outcome is null
          and exists (select from message o where o.tenant_id = $1::uuid and o.id = d.id and o.lease_token = d.lease_token)))
  update message m set state = d.state, wamid = coalesce(d.wamid, m.wamid), next_at = coalesce(d.next_at, m.next_at), refusals = d.refusals,
    failure = d.failure, attempt_no = m.attempt_no - (d.attempt = 'undone')::int, lease_token = null, lease_until = null,
    updated_at = (select business_now())
  from done d
  where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.id = d.id
    and (m.state = 'sending' and m.lease_token = d.lease_token and m.attempt_no = d.attempt_no
      or d.state = 'accepted' and m.attempt_no >= d.attempt_no and m.state in ('sending', 'unknown', 'parked', 'queued'))
  returning ${MOVED_COLUMNS}`;

// What was never POSTed leaves no attempt: those above their message's number.
const UNDO = `
  delete from send_attempt a using message m
  where a.tenant_id = $1::uuid and a.message_id = any($2::uuid[]) and m.tenant_id = a.tenant_id and m.id = a.message_id
    and a.attempt_no > m.attempt_no and a.outcome is null`;

// Of two accepted attempts the later one is marked, once.
const MARK_TWICE = `
  update send_attempt a set error = $3::jsonb
  where a.tenant_id = $1::uuid and a.message_id = any($2::uuid[]) and a.outcome = 'accepted' and a.error ->> 'code' is distinct from $3::jsonb ->> 'code'
    and exists (select from send_attempt o where o.tenant_id = $1::uuid and o.message_id = a.message_id and o.attempt_no < a.attempt_no and o.outcome = 'accepted')
  returning a.message_id as id`;
