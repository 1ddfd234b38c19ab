import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';

/** A conversation as the provider counts it: of 24 hours, or of 72 after an advertisement (S4.3, S4.7). */
export interface BilledConversationView {
  /** The provider's. */
  readonly id: string;
  readonly phoneNumberId: string;
  /** Ours: where it took place. */
  readonly conversationId: string | null;
  readonly category: string;
  readonly pricingModel: string | null;
  readonly billable: boolean | null;
  readonly firstSeenAt: Date;
  readonly expiresAt: Date | null;
  /** As the provider told, all its statuses together. */
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly pricing: Readonly<Record<string, unknown>> | null;
}

/** The provider's conversations that the caller sees, the newest first. */
export class ListBilledConversations extends Query<Page<BilledConversationView>> {
  constructor(
    readonly access: InboxAccess,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ firstSeenAt: 'instant', id: 'text' });

@QueryHandler(ListBilledConversations)
export class ListBilledConversationsHandler implements IQueryHandler<ListBilledConversations> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ access, limit, cursor: given }: ListBilledConversations): Promise<Page<BilledConversationView>> {
    const after = cursor.read(given);
    const seen = seenUnderThreads(access, 'c', 4);
    const rows = await this.unitOfWork.sql.query<BilledConversationView>(
      `select c.conversation_id as id, c.phone_number_id as "phoneNumberId", c.thread_id as "conversationId", c.category, c.pricing_model as "pricingModel",
         c.billable, c.first_seen_at as "firstSeenAt", c.expires_at as "expiresAt", c.conversation, c.pricing
       from billing_conversation c
       where ($1::timestamptz is null or (c.first_seen_at, c.conversation_id) < ($1::timestamptz, $2::text)) and ${seen.sql}
       order by c.first_seen_at desc, c.conversation_id desc limit $3::int`,
      [after?.firstSeenAt.toISOString() ?? null, after?.id ?? null, limit + 1, ...seen.parameters],
    );
    return cursor.page(rows, limit, (row) => row);
  }
}
