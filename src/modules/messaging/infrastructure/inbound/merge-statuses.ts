import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { AttemptReferences } from '../../domain/attempt-reference.js';
import { Followers, MOVED_COLUMNS, type MovedRow } from '../outbound/followers.js';
import { Watchers } from '../outbound/watchers.js';
import { mergeIntoMessages, type KnownMessage, type MergedMessage, type ProvenAttempt } from './status-merging.js';
import { SEND_QUEUE } from '../../application/outbound/send-queue-lane.js';
import { statusReportOf } from './meta-status.js';
import { lookAfter } from './sql-orphan-statuses.js';

/** Statuses that one transaction merges. */
const BATCH = 1000;

/**
 * Merges waiting statuses into their messages (reliability 2.4, S4.12): a few statements for a thousand, each riding an index on
 * (tenant, id) or (tenant, number, wamid), so that the cost of a status does not grow with the tables (bench/statuses).
 */
@Injectable()
export class MergeStatuses {
  readonly #logger = new Logger(MergeStatuses.name);
  readonly #merged;
  readonly #duplicates;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly references: AttemptReferences,
    private readonly lanes: Lanes,
    private readonly followers: Followers,
    private readonly watchers: Watchers,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.#merged = metrics.counter(
      'statuses_merged_total',
      'Statuses of outgoing messages: merged, or set aside because their message is not known.',
      ['outcome'],
    );
    this.#duplicates = metrics.counter(
      'messages_accepted_twice_total',
      'Attempts that the provider accepted although another attempt of the same message was accepted too.',
    );
  }

  /** @returns whether there may be more */
  async mergeSome(phoneNumberId: string): Promise<boolean> {
    const { tenantId } = this.scope;
    const outcome = await this.unitOfWork.runSql(async (sql) => {
      const events = await claim(sql, tenantId, phoneNumberId);
      if (events.length === 0) return undefined;
      const reports = events.map((event) => ({
        eventId: event.id,
        ...statusReportOf(event.payload, event.provider_at, this.references),
      }));
      const messages = await lockMessages(sql, tenantId, phoneNumberId, reports);
      const merged = mergeIntoMessages(reports, messages);
      const passed = new Map(merged.messages.map((message) => [message.id, message.passed]));
      const moved = await updateMessages(sql, tenantId, merged.messages);
      await this.followers.tell(moved.map((row) => ({ ...row, passed: passed.get(row.id)! })));
      await this.watchers.reported(
        merged.messages.map(({ id, reported }) => ({ messageId: id, phoneNumberId, entries: reported })),
      );
      const twice = await settleAttempts(sql, tenantId, merged.attempts);
      await finish(
        sql,
        tenantId,
        events.map(({ id }) => id),
        merged.orphans,
      );
      // Whoever waits in line behind a message that is settled may go.
      if (merged.messages.some(({ settles }) => settles))
        await this.lanes.ring(SEND_QUEUE, [{ key: phoneNumberId, tenantId, dueAt: this.clock.now() }]);
      return { events: events.length, orphans: merged.orphans.length, twice };
    });
    if (!outcome) return false;
    this.#merged.inc({ outcome: 'orphan' }, outcome.orphans);
    this.#merged.inc({ outcome: 'merged' }, outcome.events - outcome.orphans);
    for (const messageId of outcome.twice) {
      this.#duplicates.inc();
      this.#logger.warn(`Message ${messageId} was accepted twice: the customer may have it twice`);
    }
    return outcome.events === BATCH;
  }
}

async function claim(
  sql: SqlExecutor,
  tenantId: string,
  phoneNumberId: string,
): Promise<{ id: string; provider_at: Date; payload: unknown }[]> {
  return sql.query(
    `select id, provider_at, payload from webhook_event
     where tenant_id = $1 and phone_number_id = $2 and kind = 'status' and state = 'pending'
     order by seq limit ${BATCH} for update skip locked`,
    [tenantId, phoneNumberId],
  );
}

/** The messages that the statuses name, by our reference or by the provider's id, as far as the number owns them. Locked in one order. */
async function lockMessages(
  sql: SqlExecutor,
  tenantId: string,
  phoneNumberId: string,
  reports: readonly { wamid: string; attempt?: { messageId: string } }[],
): Promise<KnownMessage[]> {
  const ids = new Set(reports.flatMap(({ attempt }) => attempt?.messageId ?? []));
  return sql.query<KnownMessage>(
    `select id, state, wamid, statuses, failure from message
     where tenant_id = $1 and phone_number_id = $2 and direction = 'OUTBOUND' and (wamid = any($3::text[]) or id = any($4::uuid[]))
     order by id for update`,
    [tenantId, phoneNumberId, [...new Set(reports.map(({ wamid }) => wamid))], [...ids]],
  );
}

async function updateMessages(
  sql: SqlExecutor,
  tenantId: string,
  messages: readonly MergedMessage[],
): Promise<MovedRow[]> {
  if (messages.length === 0) return [];
  const column = (value: (message: MergedMessage) => unknown): unknown[] => messages.map(value);
  return sql.query<MovedRow>(
    `update message m set state = merged.state, wamid = merged.wamid, statuses = merged.statuses, failure = merged.failure, updated_at = (select business_now()),
       lease_token = case when merged.settles then null else m.lease_token end,
       lease_until = case when merged.settles then null else m.lease_until end
     from unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::boolean[]) as merged (id, state, wamid, statuses, failure, settles)
     where m.tenant_id = $1 and m.id = merged.id returning ${MOVED_COLUMNS}`,
    [
      tenantId,
      column(({ id }) => id),
      column(({ state }) => state),
      column(({ wamid }) => wamid),
      column(({ statuses }) => JSON.stringify(statuses)),
      column(({ failure }) => (failure === null ? null : JSON.stringify(failure))),
      column(({ settles }) => settles),
    ],
  );
}

/** A status that names an attempt proves that the provider accepted it. @returns messages whose second acceptance is news */
async function settleAttempts(
  sql: SqlExecutor,
  tenantId: string,
  attempts: readonly ProvenAttempt[],
): Promise<string[]> {
  if (attempts.length === 0) return [];
  const rows = await sql.query<{ message_id: string; twice: boolean }>(
    `update send_attempt attempt set outcome = 'accepted', wamid = coalesce(attempt.wamid, proven.wamid), finished_at = coalesce(attempt.finished_at, now()),
       error = case when proven.twice then '{"code": "ACCEPTED_TWICE", "title": "Another attempt of this message was accepted too"}' else attempt.error end
     from unnest($2::uuid[], $3::int[], $4::text[], $5::boolean[]) as proven (message_id, attempt_no, wamid, twice)
     where attempt.tenant_id = $1 and attempt.message_id = proven.message_id and attempt.attempt_no = proven.attempt_no
       and (attempt.outcome is distinct from 'accepted' or attempt.wamid is null or (proven.twice and attempt.error ->> 'code' is distinct from 'ACCEPTED_TWICE'))
     returning attempt.message_id, proven.twice`,
    [
      tenantId,
      attempts.map(({ messageId }) => messageId),
      attempts.map(({ attemptNo }) => attemptNo),
      attempts.map(({ wamid }) => wamid),
      attempts.map(({ twice }) => twice),
    ],
  );
  return rows.filter(({ twice }) => twice).map(({ message_id: id }) => id);
}

async function finish(
  sql: SqlExecutor,
  tenantId: string,
  eventIds: readonly string[],
  orphans: readonly string[],
): Promise<void> {
  const orphaned = new Set(orphans);
  await sql.query(
    `update webhook_event set state = 'processed', processed_at = coalesce(processed_at, (select business_now())), reason = null where tenant_id = $1 and id = any($2::uuid[])`,
    [tenantId, eventIds.filter((id) => !orphaned.has(id))],
  );
  if (orphans.length > 0) {
    await sql.query(
      `update webhook_event set state = 'orphan', reason = 'no message has this id', next_at = ${lookAfter('tries')} where tenant_id = $1 and id = any($2::uuid[])`,
      [tenantId, orphans],
    );
  }
}
