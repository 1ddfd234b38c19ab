import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { MessageCategory } from '../../domain/message-category.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { SendFailure } from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';

/** For how long a claim holds a message (reliability 2.5.1): longer than any POST's deadline. */
export const MESSAGE_LEASE_SECONDS = 60;

/** A message that this process may POST once, until half of its lease is over. */
export interface ClaimedMessage {
  readonly id: string;
  readonly attemptNo: number;
  readonly to: Recipient;
  readonly content: MessageContent;
  readonly contextWamid: string | undefined;
  readonly category: MessageCategory;
  readonly priority: number;
  /** Order of enqueueing. */
  readonly seq: number;
  readonly refusals: number;
  readonly expiresAt: Date | undefined;
  readonly dueAt: Date;
  readonly leaseToken: string;
  /** `performance.now()` of just before the claim. */
  readonly claimedAt: number;
}

export interface Claim {
  readonly messages: readonly ClaimedMessage[];
  /** What is left, when less was claimed than was asked for. */
  readonly left?: {
    /** When something falls due next, apart from what is due or claimed now. */
    readonly nextDue: Date | undefined;
    /** Due messages that stand behind others of their customer. */
    readonly inLine: boolean;
  };
}

export interface ClaimWish {
  readonly count: number;
  /** The claimer's own: nobody else can settle what it claims. */
  readonly leaseToken: string;
  /** Customers who have had their share for the moment. */
  readonly resting: readonly string[];
}

interface NothingClaimed {
  id: null;
}

interface LeftRow {
  left_due: Date | null;
  left_in_line: boolean;
}

interface ClaimedRow {
  id: string;
  attempt_no: number;
  address_kind: Recipient['kind'];
  address: string;
  content: MessageContent;
  context_wamid: string | null;
  category: MessageCategory;
  priority: number;
  seq: number;
  refusals: number;
  expires_at: Date | null;
  next_at: Date;
}

/** The statements by which one number's messages leave the queue: set-based, one transaction each. */
@Injectable()
export class SendQueue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  /**
   * Takes the next due messages, at most one a customer, with an attempt for each: committed when this returns, so before any
   * POST. What waits for its retry keeps its place in its customer's line; what is meant for a later hour does not stand in it.
   */
  async claim(phoneNumberId: string, { count, resting, leaseToken }: ClaimWish): Promise<Claim> {
    const claimedAt = performance.now();
    const parameters = [this.scope.tenantId, phoneNumberId, count, resting, leaseToken, MESSAGE_LEASE_SECONDS];
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<(ClaimedRow | NothingClaimed) & LeftRow>(CLAIM, parameters),
    );
    const messages = rows.flatMap((row) => (row.id === null ? [] : [{ ...toClaimed(row), leaseToken, claimedAt }]));
    if (messages.length === count) return { messages };
    return { messages, left: { nextDue: rows[0]!.left_due ?? undefined, inLine: rows[0]!.left_in_line } };
  }

  /** When something of the number falls due next (business time), apart from what is in line now: `undefined` when nothing will. */
  nextDue(phoneNumberId: string): Promise<Date | undefined> {
    return this.unitOfWork.runSql(async (sql) => {
      const [row] = await sql.query<{ due: Date | null }>(`select ${nextDueBut('null')} as due`, [
        this.scope.tenantId,
        phoneNumberId,
      ]);
      return row?.due ?? undefined;
    });
  }

  /** Nobody can send these: the number does not exist. @returns their ids */
  async failAll(phoneNumberId: string, failure: SendFailure): Promise<string[]> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string }>(
        `update message set state = 'failed', failure = $3::jsonb, updated_at = (select business_now())
         where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' returning id`,
        [this.scope.tenantId, phoneNumberId, JSON.stringify(failure)],
      ),
    );
    return rows.map(({ id }) => id);
  }
}

// Leases run on the wall clock, lanes on the business clock: a lease is told as so much later than now.
/** @param mine a run's own claims, which it ends itself */
const nextDueBut = (mine: string): string => `least(
    (select min(next_at) from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' and next_at > (select business_now())),
    (select min(expires_at) from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' and expires_at is not null),
    (select min(next_at) from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'unknown'),
    (select min(business_now() + (lease_until - now())) from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'sending'
      and lease_token is distinct from ${mine}))`;

// Walks message_queued in order until it has enough. The question who is before in line is a scalar subquery on purpose: it stays a
// probe of message_in_line a candidate, where EXISTS may become a join over the whole line; and under `not coalesce` the planner
// expects it to pass every other candidate, where `is null` would make it fetch and sort the whole queue. Within one statement no two
// messages of a customer can both be first in line, so none is claimed twice; SKIP LOCKED keeps a second drain of the same number (a
// lane whose lease was lost) from waiting.
const CLAIM = `
  with first_in_line as (
    select m.id from message m
    where m.tenant_id = $1::uuid and m.phone_number_id = $2 and m.state = 'queued' and m.next_at <= (select business_now())
      and (m.expires_at is null or m.expires_at > (select business_now())) and m.address <> all($4::text[])
      and not coalesce((select true from message p
           where p.tenant_id = m.tenant_id and p.phone_number_id = m.phone_number_id and p.address = m.address
             and p.state in ('queued', 'sending') and p.id <> m.id
             and (p.state = 'sending'
               or (p.priority, p.seq) < (m.priority, m.seq) and (p.attempt_no > 0 or p.next_at <= (select business_now())))
           limit 1), false)
    order by m.priority, m.seq limit $3 for update of m skip locked),
  claimed as (
    update message m set state = 'sending', attempt_no = m.attempt_no + 1, lease_token = $5::uuid,
      lease_until = now() + make_interval(secs => $6), updated_at = (select business_now())
    where m.tenant_id = $1::uuid and m.id = any(array(select id from first_in_line))
    returning m.id, m.attempt_no, m.address_kind, m.address, m.content, m.context_wamid, m.category, m.priority, m.seq::float8 as seq,
      m.refusals, m.expires_at, m.next_at),
  attempted as (
    insert into send_attempt (tenant_id, message_id, attempt_no, started_at)
    select $1::uuid, id, attempt_no, (select business_now()) from claimed)
  select c.*, l.* from (
    select case when n < $3 then ${nextDueBut('$5::uuid')} end as left_due,
      n < $3 and exists (select from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' and next_at <= (select business_now())
        and address <> all($4::text[]) and id <> all(array(select id from claimed))) as left_in_line
    from (select count(*) as n from claimed) claimed_count) l
  left join claimed c on true`;

function toClaimed(row: ClaimedRow): Omit<ClaimedMessage, 'leaseToken' | 'claimedAt'> {
  return {
    id: row.id,
    attemptNo: row.attempt_no,
    to: { kind: row.address_kind, value: row.address },
    content: row.content,
    contextWamid: row.context_wamid ?? undefined,
    category: row.category,
    priority: row.priority,
    seq: row.seq,
    refusals: row.refusals,
    expiresAt: row.expires_at ?? undefined,
    dueAt: row.next_at,
  };
}
