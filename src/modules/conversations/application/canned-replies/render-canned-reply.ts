import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { renderReply, type ReplyVariable } from '../../domain/canned-replies/canned-reply.js';
import { VisibleThreads } from '../visible-threads.js';
import { CannedReplies } from './canned-replies.js';

export interface RenderedReply {
  readonly text: string;
  /** Variables that have no value in this conversation; they are left out of the text. */
  readonly missing: readonly ReplyVariable[];
}

/** A canned reply as it would be said in a conversation; nothing is sent. @throws CannedReplyNotFound, ConversationNotFound */
export class RenderCannedReply extends Query<RenderedReply> {
  constructor(
    readonly access: InboxAccess,
    readonly id: string,
    readonly conversationId: string,
  ) {
    super();
  }
}

@QueryHandler(RenderCannedReply)
export class RenderCannedReplyHandler implements IQueryHandler<RenderCannedReply> {
  constructor(
    private readonly replies: CannedReplies,
    private readonly visible: VisibleThreads,
  ) {}

  async execute({ access, id, conversationId }: RenderCannedReply): Promise<RenderedReply> {
    const { body } = await this.replies.find(access, id);
    const thread = await this.visible.find(access, 'read', conversationId);
    return renderReply(body, await this.replies.valuesIn(thread.id, access.userId));
  }
}
