import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { MessageCategory } from '../../domain/message-category.js';
import type { MessageContent } from '../../domain/message-content.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';
import type { MessageToRelease, Release } from '../../application/outbound/message-follower.js';
import type { QueuedMessage } from '../../application/outbound/message-watcher.js';
import { Followers, MOVED_COLUMNS, type MovedRow } from './followers.js';
import { Guards } from './guards.js';
import { Watchers } from './watchers.js';

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
  /** Its follower let it go at the claim; that is believed for a moment only. */
  readonly isFollowed: boolean;
  /** `performance.now()` of just before the claim, from which its lease runs. */
  readonly claimedAt: number;
  /** `performance.now()` of just after it: until then followers held what their leave depends on. */
  readonly releasedAt: number;
}

export interface Claim {
  readonly messages: readonly ClaimedMessage[];
  /** What was to leave and must not: over, without an attempt. */
  readonly withheld: readonly MovedRow[];
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
  thread_id: string | null;
  content: MessageContent;
  context_wamid: string | null;
  category: MessageCategory;
  priority: number;
  seq: number;
  refusals: number;
  expires_at: Date | null;
  next_at: Date;
  follower: string | null;
  subject_id: string | null;
}

interface Released {
  /** Those that may leave, with the words that they leave with. */
  readonly going: readonly ClaimedRow[];
  readonly withheld: readonly MovedRow[];
}

/** The statements by which one number's messages leave the queue: set-based, one transaction each. */
@Injectable()
export class SendQueue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly guards: Guards,
    private readonly followers: Followers,
    private readonly watchers: Watchers,
  ) {}

  /**
   * Takes the next due messages, at most one a customer, with an attempt for each: committed when this returns, so before any
   * POST. What waits for its retry keeps its place in its customer's line; what is meant for a later hour does not stand in it. Those who
   * guard what leaves, then those who follow a message, have the last word, in the same transaction.
   */
  async claim(phoneNumberId: string, { count, resting, leaseToken }: ClaimWish): Promise<Claim> {
    const claimedAt = performance.now();
    const parameters = [this.scope.tenantId, phoneNumberId, count, resting, leaseToken, MESSAGE_LEASE_SECONDS];
    const { going, ...claim } = await this.unitOfWork.runSql(async (sql) => {
      const rows = await sql.query<(ClaimedRow | NothingClaimed) & LeftRow>(CLAIM, parameters);
      const claimed = rows.filter((row): row is ClaimedRow & LeftRow => row.id !== null);
      const released = await this.#release(phoneNumberId, claimed);
      // Whoever stood in line behind a message that was withheld may be first.
      if (claimed.length === count || released.going.length < claimed.length) return released;
      return { ...released, left: { nextDue: rows[0]!.left_due ?? undefined, inLine: rows[0]!.left_in_line } };
    });
    const releasedAt = performance.now();
    return { ...claim, messages: going.map((row) => ({ ...toClaimed(row), leaseToken, claimedAt, releasedAt })) };
  }

  async #release(phoneNumberId: string, claimed: readonly ClaimedRow[]): Promise<Released> {
    const { going: allowed, withheld: forbidden } = await this.#guard(phoneNumberId, claimed);
    const followed = allowed.filter(({ follower }) => follower !== null);
    if (followed.length === 0) return { going: allowed, withheld: forbidden };
    const releases = await this.followers.release(
      followed.map((row) => ({
        ...toRelease(row, phoneNumberId),
        follower: row.follower!,
        subjectId: row.subject_id!,
      })),
    );
    await this.#reword(those(releases, 'go'));
    await this.#join(those(releases, 'join', 'fail'));
    const withheld = await this.#withhold(those(releases, 'withhold', 'fail', 'wait'));
    return {
      going: allowed.flatMap((row) => released(row, releases.get(row.id))),
      withheld: [...forbidden, ...withheld],
    };
  }

  async #guard(phoneNumberId: string, claimed: readonly ClaimedRow[]): Promise<Released> {
    const forbidden = await this.guards.forbid(
      claimed.map((row) => ({ ...toRelease(row, phoneNumberId), threadId: row.thread_id })),
    );
    const withheld = await this.#withhold([...forbidden].map(([id, reason]) => [id, { then: 'withhold', reason }]));
    return { going: claimed.filter(({ id }) => !forbidden.has(id)), withheld };
  }

  /** @returns those that are over */
  async #withhold(withheld: readonly [string, ReleaseTo<'withhold' | 'fail' | 'wait'>][]): Promise<MovedRow[]> {
    if (withheld.length === 0) return [];
    const ends = withheld.map(([, release]) => endOf(release));
    const moved = await this.unitOfWork.sql.query<MovedRow>(WITHHOLD, [
      this.scope.tenantId,
      withheld.map(([id]) => id),
      ends.map(({ state }) => state),
      ends.map(({ code }) => code ?? null),
      ends.map(({ title }) => title ?? null),
    ]);
    const over = moved.filter(({ state }) => state !== 'queued');
    await this.followers.tell(over);
    return over;
  }

  /** Nobody follows them any more, and their conversations show them: those that failed as well. */
  async #join(joining: readonly [string, ReleaseTo<'join' | 'fail'>][]): Promise<void> {
    if (joining.length === 0) return;
    const column = <Value>(value: (release: ReleaseTo<'join'>) => Value | undefined): (Value | null)[] =>
      joining.map(([, release]) => (release.then === 'join' ? (value(release) ?? null) : null));
    const rows = await this.unitOfWork.sql.query<QueuedMessage>(JOIN, [
      this.scope.tenantId,
      joining.map(([id]) => id),
      column(({ content }) => content && JSON.stringify(content)),
      column(({ expiresAt }) => expiresAt?.toISOString()),
    ]);
    await this.watchers.queued(rows);
  }

  async #reword(going: readonly [string, ReleaseTo<'go'>][]): Promise<void> {
    const changed = going.filter(([, { content, threadId }]) => content ?? threadId);
    if (changed.length === 0) return;
    const rows = await this.unitOfWork.sql.query<QueuedMessage & { isPlaced: boolean }>(REWORD, [
      this.scope.tenantId,
      changed.map(([id]) => id),
      changed.map(([, { content }]) => (content ? JSON.stringify(content) : null)),
      changed.map(([, { threadId }]) => threadId ?? null),
    ]);
    await this.watchers.queued(rows.flatMap(({ isPlaced, ...message }) => (isPlaced ? [message] : [])));
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
  failAll(phoneNumberId: string, failure: SendFailure): Promise<string[]> {
    return this.unitOfWork.runSql(async (sql) => {
      const moved = await sql.query<MovedRow>(
        `update message m set state = 'failed', failure = $3::jsonb, updated_at = (select business_now())
         where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' returning ${MOVED_COLUMNS}`,
        [this.scope.tenantId, phoneNumberId, JSON.stringify(failure)],
      );
      await this.followers.tell(moved);
      return moved.map(({ id }) => id);
    });
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
    returning m.id, m.attempt_no, m.address_kind, m.address, m.thread_id, m.content, m.context_wamid, m.category, m.priority, m.seq::float8 as seq,
      m.refusals, m.expires_at, m.next_at, m.follower, m.subject_id),
  attempted as (
    insert into send_attempt (tenant_id, message_id, attempt_no, started_at)
    select $1::uuid, id, attempt_no, (select business_now()) from claimed)
  select c.*, l.* from (
    select case when n < $3 then ${nextDueBut('$5::uuid')} end as left_due,
      n < $3 and exists (select from message where tenant_id = $1::uuid and phone_number_id = $2 and state = 'queued' and next_at <= (select business_now())
        and address <> all($4::text[]) and id <> all(array(select id from claimed))) as left_in_line
    from (select count(*) as n from claimed) claimed_count) l
  left join claimed c on true`;

const NOT_TO_BE_SENT = 'It was not to be sent any more';

// The attempt was never made, and nothing of it remains.
const WITHHOLD = `
  with withheld as (
    update message m set state = d.state, attempt_no = m.attempt_no - 1, lease_token = null, lease_until = null, updated_at = (select business_now()),
      failure = case when d.code is null then m.failure else jsonb_build_object('code', d.code, 'class', 'withheld', 'title', d.title) end
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as d (id, state, code, title)
    where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.id = d.id returning ${MOVED_COLUMNS}, m.attempt_no),
  undone as (
    delete from send_attempt a using withheld w where a.tenant_id = $1::uuid and a.message_id = w.id and a.attempt_no = w.attempt_no + 1)
  select m.* from withheld m`;

/** A `QueuedMessage` of a `message m` that leaves. */
const QUEUED_COLUMNS = `m.id as "messageId", m.phone_number_id as "phoneNumberId", m.thread_id as "threadId", m.address as "to", m.content,
  m.context_wamid as "contextWamid", m.idempotency_key as "idempotencyKey", m.template_key as "templateKey", m.sent_by as "sentBy",
  null::timestamptz as "leavesAt"`;

const REWORD = `
  update message m set content = coalesce(d.content, m.content), type = coalesce(d.content ->> 'type', m.type), thread_id = coalesce(d.thread_id, m.thread_id)
  from unnest($2::uuid[], $3::jsonb[], $4::uuid[]) as d (id, content, thread_id), message before
  where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.id = d.id and before.tenant_id = m.tenant_id and before.id = m.id
  returning ${QUEUED_COLUMNS}, before.thread_id is null and m.thread_id is not null as "isPlaced"`;

// A new place in the order of messages: a conversation shows it where it leaves, and not where it was ordered hours ago.
const JOIN = `
  update message m set content = coalesce(d.content, m.content), type = coalesce(d.content ->> 'type', m.type), expires_at = d.expires_at,
    follower = null, subject_id = null, seq = default
  from unnest($2::uuid[], $3::jsonb[], $4::timestamptz[]) as d (id, content, expires_at)
  where m.tenant_id = $1::uuid and m.id = any($2::uuid[]) and m.id = d.id
  returning ${QUEUED_COLUMNS}`;

type ReleaseTo<Then extends Release['then']> = Extract<Release, { then: Then }>;

function those<Then extends Release['then']>(
  releases: ReadonlyMap<string, Release>,
  ...thens: readonly Then[]
): [string, ReleaseTo<Then>][] {
  const isWanted = (entry: [string, Release]): entry is [string, ReleaseTo<Then>] =>
    thens.some((then) => then === entry[1].then);
  return [...releases].filter(isWanted);
}

function released(row: ClaimedRow, release: Release | undefined): ClaimedRow[] {
  if (release?.then === 'go') return [{ ...row, content: release.content ?? row.content }];
  if (release?.then === 'join')
    return [{ ...row, content: release.content ?? row.content, expires_at: release.expiresAt ?? null, follower: null }];
  return release ? [] : [row];
}

function endOf(release: ReleaseTo<'withhold' | 'fail' | 'wait'>): {
  readonly state: OutboundState;
  readonly code?: string;
  readonly title?: string;
} {
  switch (release.then) {
    case 'fail':
      return { state: 'failed', code: release.code, title: release.title };
    case 'withhold':
      return { state: 'cancelled', code: release.reason, title: NOT_TO_BE_SENT };
    case 'wait':
      return { state: 'queued' };
  }
}

function toRelease(row: ClaimedRow, phoneNumberId: string): Omit<MessageToRelease, 'subjectId'> {
  const to = { kind: row.address_kind, value: row.address };
  return { messageId: row.id, phoneNumberId, to, content: row.content };
}

function toClaimed(row: ClaimedRow): Omit<ClaimedMessage, 'leaseToken' | 'claimedAt' | 'releasedAt'> {
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
    isFollowed: row.follower !== null,
  };
}
