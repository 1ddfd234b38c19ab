import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { AreaExists } from '../../../tenants/index.js';
import { checkVariables, ReplyAreaNotFound } from '../../domain/canned-replies/canned-reply.js';
import { CannedReplies, type CannedReplyToAdd, type CannedReplyView } from './canned-replies.js';

/** By shortcut. @throws InvalidCursor */
export class ListCannedReplies extends Query<Page<CannedReplyView>> {
  constructor(
    readonly access: InboxAccess,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** @throws ShortcutTaken, UnknownReplyVariable, ReplyAreaNotFound */
export class AddCannedReply extends Command<CannedReplyView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly reply: CannedReplyToAdd,
  ) {
    super();
  }
}

/** @throws CannedReplyNotFound, ShortcutTaken, UnknownReplyVariable, ReplyAreaNotFound */
export class ChangeCannedReply extends Command<CannedReplyView> {
  constructor(
    readonly access: InboxAccess,
    readonly id: string,
    readonly change: Partial<CannedReplyToAdd>,
  ) {
    super();
  }
}

/** @throws CannedReplyNotFound */
export class RemoveCannedReply extends Command<void> {
  constructor(
    readonly access: InboxAccess,
    readonly id: string,
  ) {
    super();
  }
}

const cursor = new Cursor({ shortcut: 'text' });

@QueryHandler(ListCannedReplies)
export class ListCannedRepliesHandler implements IQueryHandler<ListCannedReplies> {
  constructor(private readonly replies: CannedReplies) {}

  async execute({ access, limit, cursor: given }: ListCannedReplies): Promise<Page<CannedReplyView>> {
    const rows = await this.replies.page(access, cursor.read(given)?.shortcut, limit + 1);
    return cursor.page(rows, limit, (row) => row);
  }
}

@CommandHandler(AddCannedReply)
export class AddCannedReplyHandler implements ICommandHandler<AddCannedReply> {
  constructor(
    private readonly replies: CannedReplies,
    private readonly queries: Queries,
  ) {}

  async execute({ access, actor, reply }: AddCannedReply): Promise<CannedReplyView> {
    checkVariables(reply.body);
    await areaMustBeSeen(this.queries, access, reply.areaId);
    return this.replies.find(access, await this.replies.add(reply, actor));
  }
}

@CommandHandler(ChangeCannedReply)
export class ChangeCannedReplyHandler implements ICommandHandler<ChangeCannedReply> {
  constructor(
    private readonly replies: CannedReplies,
    private readonly queries: Queries,
  ) {}

  async execute({ access, id, change }: ChangeCannedReply): Promise<CannedReplyView> {
    await this.replies.find(access, id);
    if (change.body !== undefined) checkVariables(change.body);
    await areaMustBeSeen(this.queries, access, change.areaId);
    await this.replies.change(id, change);
    return this.replies.find(access, id);
  }
}

@CommandHandler(RemoveCannedReply)
export class RemoveCannedReplyHandler implements ICommandHandler<RemoveCannedReply> {
  constructor(private readonly replies: CannedReplies) {}

  async execute({ access, id }: RemoveCannedReply): Promise<void> {
    await this.replies.find(access, id);
    await this.replies.remove(id);
  }
}

async function areaMustBeSeen(queries: Queries, access: InboxAccess, areaId: string | null | undefined): Promise<void> {
  if (!areaId) return;
  if (!access.seesNumber(areaId) || !(await queries.execute(new AreaExists(areaId)))) throw new ReplyAreaNotFound();
}
