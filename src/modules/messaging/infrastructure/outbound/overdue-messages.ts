import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { MessageCategory } from '../../domain/message-category.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import { Followers, MOVED_COLUMNS, type MovedRow } from './followers.js';
import {
  confirmSilence,
  firstLook,
  type History,
  readSilence,
  resolveUnknown,
  UNKNOWN_POLICY,
  type UnknownVerdict,
  type WitnessedSend,
} from '../../domain/unknown-message.js';

interface LostRow {
  id: string;
  category: MessageCategory;
  expires_at: Date | null;
}

interface UnknownRow extends LostRow {
  refusals: number;
  soft: boolean;
  lost_answers: number;
  attempted_at: Date;
}

const AT_A_TIME = 500;
const RESENT_CATEGORIES = Object.entries(UNKNOWN_POLICY)
  .filter(([, policy]) => policy.then === 'resend')
  .map(([category]) => category);
/** A webhook that is not read after this long has not merely just come. */
const READING_TAKES_MS = 5000;
const PROCESS_LOST: SendFailure = {
  code: 'PROCESS_LOST',
  class: 'unknown',
  title: 'The sending process ended before the answer came',
};
const EXPIRED: SendFailure = { code: 'EXPIRED', class: 'expired', title: 'Its time was over before it could be sent' };

/** What becomes of messages whose time is over: claims of dead processes, answers that never came, orders with an end. */
@Injectable()
export class OverdueMessages {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
    private readonly followers: Followers,
  ) {}

  /** Whether a message waits for proof that it may be sent again. */
  async seeksProof(phoneNumberId: string): Promise<boolean> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query(
        `select 1 from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'unknown'
           and next_at <= (select business_now()) and category = any($3) limit 1`,
        [this.scope.tenantId, phoneNumberId, RESENT_CATEGORIES],
      ),
    );
    return rows.length > 0;
  }

  /** @param history wamids of the newest messages that the provider accepted, if it told */
  async settle(phoneNumberId: string, history: readonly string[] | undefined): Promise<MovedRow[]> {
    return this.unitOfWork.runSql(async (sql) => {
      const moved = [
        ...(await this.#expire(sql, phoneNumberId)),
        ...(await this.#loseClaims(sql, phoneNumberId)),
        ...(await this.#resolveUnknown(sql, phoneNumberId, history)),
      ];
      await this.followers.tell(moved);
      return moved;
    });
  }

  async #expire(sql: SqlExecutor, phoneNumberId: string): Promise<MovedRow[]> {
    return sql.query<MovedRow>(
      `update message m set state = 'expired', failure = $3::jsonb, updated_at = (select business_now())
       where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' and expires_at <= (select business_now()) returning ${MOVED_COLUMNS}`,
      [this.scope.tenantId, phoneNumberId, JSON.stringify(EXPIRED)],
    );
  }

  /** The process that claimed them is dead or frozen: they may have left, so they are unknown, never queued (F01, F02). */
  async #loseClaims(sql: SqlExecutor, phoneNumberId: string): Promise<MovedRow[]> {
    const now = this.clock.now();
    const rows = await sql.query<LostRow>(
      `select id, category, expires_at from message
       where tenant_id = $1::uuid and phone_number_id = $2 and state = 'sending' and lease_until < now() limit $3 for update skip locked`,
      [this.scope.tenantId, phoneNumberId, AT_A_TIME],
    );
    if (rows.length === 0) return [];
    return sql.query<MovedRow>(
      `with lost as (
         update message m set state = 'unknown', next_at = d.next_at, failure = $4::jsonb, lease_token = null, lease_until = null,
           updated_at = (select business_now())
         from unnest($2::uuid[], $3::timestamptz[]) as d (id, next_at)
         where m.tenant_id = $1::uuid and m.id = d.id and m.state = 'sending' returning ${MOVED_COLUMNS}, m.attempt_no),
       finished as (
         update send_attempt a set finished_at = (select business_now()), outcome = 'unknown', error = $4::jsonb
         from lost where a.tenant_id = $1::uuid and a.message_id = lost.id and a.attempt_no = lost.attempt_no and a.outcome is null)
       select m.* from lost m`,
      [
        this.scope.tenantId,
        rows.map(({ id }) => id),
        rows.map(({ category, expires_at }) =>
          firstLook({ category, expiresAt: expires_at ?? undefined }, false, now).toISOString(),
        ),
        JSON.stringify(PROCESS_LOST),
      ],
    );
  }

  async #resolveUnknown(
    sql: SqlExecutor,
    phoneNumberId: string,
    listed: readonly string[] | undefined,
  ): Promise<MovedRow[]> {
    const now = this.clock.now();
    const rows = await sql.query<UnknownRow>(DUE_UNKNOWN, [this.scope.tenantId, phoneNumberId, AT_A_TIME]);
    if (rows.length === 0) return [];
    const sends = await this.#sendsSince(sql, phoneNumberId, rows.map(({ id }) => id).sort()[0]!);
    const backlog = await this.#hasBacklog(sql, phoneNumberId, now);
    const history = listed ? await this.#judge(sql, phoneNumberId, listed) : 'doubtful';
    const verdicts = rows.map((row): UnknownVerdict => {
      const message = {
        category: row.category,
        soft: row.soft,
        refusals: row.refusals,
        lostAnswers: row.lost_answers,
        attemptedAt: row.attempted_at,
        expiresAt: row.expires_at ?? undefined,
      };
      const silence = readSilence(row.attempted_at, sends, backlog, now);
      return resolveUnknown(message, confirmSilence(silence, history), now);
    });
    const moved = await sql.query<MovedRow>(
      `update message m set state = d.state, next_at = coalesce(d.next_at, (select business_now())), refusals = coalesce(d.refusals, m.refusals),
         updated_at = (select business_now())
       from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[]) as d (id, state, next_at, refusals)
       where m.tenant_id = $1::uuid and m.id = d.id and m.state = 'unknown' returning ${MOVED_COLUMNS}`,
      [
        this.scope.tenantId,
        rows.map(({ id }) => id),
        verdicts.map(({ then }) => STATE_AFTER[then]),
        verdicts.map((verdict) => (verdict.then === 'wait' ? verdict.until.toISOString() : null)),
        verdicts.map((verdict) => (verdict.then === 'send-again' ? verdict.refusals : null)),
      ],
    );
    return moved.filter(({ state }) => state !== 'unknown');
  }

  /** What the number sent from that message on, as witnesses of the webhook channel: the thousand next, by id, which is by time. */
  async #sendsSince(sql: SqlExecutor, phoneNumberId: string, messageId: string): Promise<WitnessedSend[]> {
    const rows = await sql.query<{ started_at: Date; called_back: boolean }>(
      `select a.started_at, m.state <> 'accepted' as called_back
       from (select tenant_id, id, attempt_no, state from message
             where tenant_id = $1::uuid and id > $3::uuid and phone_number_id = $2 and direction = 'OUTBOUND'
               and state in ('accepted', 'sent', 'delivered', 'read') order by id limit 1000) m
       join send_attempt a on a.tenant_id = m.tenant_id and a.message_id = m.id and a.attempt_no = m.attempt_no`,
      [this.scope.tenantId, phoneNumberId, messageId],
    );
    return rows.map((row) => ({ startedAt: row.started_at, calledBack: row.called_back }));
  }

  async #judge(sql: SqlExecutor, phoneNumberId: string, listed: readonly string[]): Promise<History> {
    const [row] = await sql.query<{ complete: boolean }>(
      `select coalesce(
         (select m.wamid from message m where m.tenant_id = $1::uuid and m.phone_number_id = $2 and m.direction = 'OUTBOUND'
            and m.wamid is not null order by m.id desc limit 1) = any($3), false)
         and not exists (select from unnest($3::text[]) as listed (wamid)
           where not exists (select from message m where m.tenant_id = $1::uuid and m.phone_number_id = $2 and m.wamid = listed.wamid)) as complete`,
      [this.scope.tenantId, phoneNumberId, listed],
    );
    return row!.complete ? 'complete' : 'doubtful';
  }

  /** Webhooks that arrived and are not read yet: the callback may be among them. */
  async #hasBacklog(sql: SqlExecutor, phoneNumberId: string, now: Date): Promise<boolean> {
    const [row] = await sql.query<{ backlog: boolean }>(
      `select exists (select from webhook_inbox where state = 'pending' and received_at < $3::timestamptz)
         or exists (select from webhook_event where tenant_id = $1::uuid and kind = 'status' and state = 'pending' and phone_number_id = $2
                      and received_at < $3::timestamptz) as backlog`,
      [this.scope.tenantId, phoneNumberId, new Date(now.getTime() - READING_TAKES_MS).toISOString()],
    );
    return row!.backlog;
  }
}

const STATE_AFTER: Record<UnknownVerdict['then'], OutboundState> = {
  wait: 'unknown',
  park: 'parked',
  expire: 'expired',
  'send-again': 'queued',
};

const DUE_UNKNOWN = `
  select m.id, m.category, m.refusals, m.expires_at, coalesce(m.failure ->> 'class' = 'soft_unknown', false) as soft,
    (select count(*)::int from send_attempt a where a.tenant_id = m.tenant_id and a.message_id = m.id and a.outcome = 'unknown') as lost_answers,
    (select a.started_at from send_attempt a where a.tenant_id = m.tenant_id and a.message_id = m.id and a.attempt_no = m.attempt_no) as attempted_at
  from message m
  where m.tenant_id = $1::uuid and m.phone_number_id = $2 and m.state = 'unknown' and m.next_at <= (select business_now())
  order by m.next_at limit $3 for update skip locked`;
