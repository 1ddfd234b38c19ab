import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Presence, type Viewer } from './presence.js';

/** Who has the conversation open at this moment; the asker has made sure that whoever is told sees it. */
export class ViewersOf extends Query<readonly Viewer[]> {
  constructor(readonly conversationId: string) {
    super();
  }
}

@QueryHandler(ViewersOf)
export class ViewersOfHandler implements IQueryHandler<ViewersOf> {
  constructor(private readonly presence: Presence) {}

  async execute({ conversationId }: ViewersOf): Promise<readonly Viewer[]> {
    return (await this.presence.viewersOf([conversationId])).get(conversationId) ?? [];
  }
}
