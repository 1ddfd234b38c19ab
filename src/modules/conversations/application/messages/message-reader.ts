import { Injectable } from '@nestjs/common';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MediaOfMessages, shownMessages } from '../../../messaging/index.js';
import {
  type ConversationMessageView,
  latestReactions,
  type MessageRow,
  previewOf,
  type QuotedMessage,
  type ReactionRow,
  senderOf,
} from './conversation-message-view.js';

/** A stretch of a conversation: the messages next before a place, or next after it; the places themselves are left out. */
export interface Stretch {
  readonly way: 'before' | 'after';
  /** Place in the order of arrival; left out: the end, or the beginning. */
  readonly seq?: bigint | undefined;
  /** Only messages before this instant. */
  readonly instant?: Date | undefined;
  readonly limit: number;
}

/** A read model over messaging's messages and the tenants' users. Whoever asks has made sure that the caller sees the conversation. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly queries: Queries,
  ) {}

  /** Rows of a thread and of what was merged into it, nearest to the place first. */
  async stretch(threadId: string, { way, seq, instant, limit }: Stretch): Promise<MessageRow[]> {
    const [compare, order] = way === 'before' ? ['<', 'desc'] : ['>', 'asc'];
    const rows = await this.unitOfWork.sql.query<MessageRow>(
      // Of each thread the first that fit, by its index; then the first of those.
      `select m.* from (${THREADS}) t cross join lateral (
         select ${COLUMNS} from message m
         where m.tenant_id = $1::uuid and m.thread_id = t.id and ${shownMessages('m')}
           and ($3::bigint is null or m.seq ${compare} $3::bigint) and ($4::timestamptz is null or m.created_at < $4::timestamptz)
         order by m.seq ${order} limit $5::int) m
       order by m.seq ${order} limit $5::int`,
      [this.scope.tenantId, threadId, seq?.toString() ?? null, instant?.toISOString() ?? null, limit],
    );
    return rows.map((row) => ({ ...row, seq: BigInt(row.seq) }));
  }

  /** @returns undefined when it is no message of the thread or of what was merged into it, or is not shown yet */
  async one(threadId: string, messageId: string): Promise<MessageRow | undefined> {
    const [row] = await this.unitOfWork.sql.query<MessageRow>(
      `select ${COLUMNS} from message m where m.tenant_id = $1::uuid and m.id = $3::uuid and m.thread_id in (${THREADS}) and ${shownMessages('m')}`,
      [this.scope.tenantId, threadId, messageId],
    );
    return row && { ...row, seq: BigInt(row.seq) };
  }

  /** What a page shows besides its rows: names, quoted messages, reactions, files; one statement for each. */
  async views(threadId: string, rows: readonly MessageRow[]): Promise<ConversationMessageView[]> {
    const names = await this.#names(rows);
    const quoted = await this.#quoted(rows);
    const reactions = latestReactions(await this.#reactions(threadId, rows));
    const media = await this.queries.execute(new MediaOfMessages(rows.map(({ id }) => id)));
    return rows.map(({ seq: _, ...row }) => ({
      ...row,
      sender: senderOf(row, names),
      replyTo: (row.contextWamid !== null && quoted.get(row.contextWamid)) || null,
      reactions: (row.wamid !== null && reactions.get(row.wamid)) || [],
      media: media.get(row.id) ?? null,
    }));
  }

  async #names(rows: readonly MessageRow[]): Promise<ReadonlyMap<string, string>> {
    const ids = present(rows.map(({ sentBy }) => sentBy)).filter((id) => UUID.test(id));
    if (ids.length === 0) return new Map();
    const users = await this.unitOfWork.sql.query<{ id: string; name: string }>(
      'select id, name from app_user where tenant_id = $1::uuid and id = any($2::uuid[])',
      [this.scope.tenantId, ids],
    );
    return new Map(users.map(({ id, name }) => [id, name]));
  }

  async #quoted(rows: readonly MessageRow[]): Promise<ReadonlyMap<string, QuotedMessage>> {
    const wamids = present(rows.map(({ contextWamid }) => contextWamid));
    if (wamids.length === 0) return new Map();
    const found = await this.unitOfWork.sql.query<MessageRow & { wamid: string }>(
      `select ${COLUMNS} from message m
       where m.tenant_id = $1::uuid and m.phone_number_id = any($2::text[]) and m.wamid = any($3::text[])`,
      [this.scope.tenantId, [...new Set(rows.map(({ phoneNumberId }) => phoneNumberId))], wamids],
    );
    return new Map(
      found.map((row) => [
        row.wamid,
        { messageId: row.id, direction: row.direction, type: row.type, preview: previewOf(row) },
      ]),
    );
  }

  async #reactions(threadId: string, rows: readonly MessageRow[]): Promise<ReactionRow[]> {
    const wamids = present(rows.map(({ wamid }) => wamid));
    if (wamids.length === 0) return [];
    // Rides message_reaction: the reactions of a thread are few.
    return this.unitOfWork.sql.query<ReactionRow>(
      `select m.content ->> 'toWamid' as "toWamid", m.id as "messageId", m.direction, m.content ->> 'emoji' as emoji, m.created_at as at
       from message m
       where m.tenant_id = $1::uuid and m.thread_id in (${THREADS}) and m.type = 'reaction'
         and m.state not in ('failed', 'cancelled', 'expired') and m.content ->> 'toWamid' = any($3::text[])
       order by m.seq`,
      [this.scope.tenantId, threadId, wamids],
    );
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const THREADS = `select $2::uuid as id union all
  select merged.id from thread merged where merged.tenant_id = $1::uuid and merged.merged_into_id = $2::uuid`;

const COLUMNS = `m.seq, m.id, m.phone_number_id as "phoneNumberId", m.direction, m.type, m.content, m.state as status, m.origin, m.wamid,
  m.context_wamid as "contextWamid", m.sent_by as "sentBy", m.statuses as "statusEvents", m.failure, m.created_at as "createdAt"`;

function present(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
