import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { MediaNotFound } from '../../domain/media-errors.js';
import { MediaFiles } from './media-files.js';
import { MediaLinks } from './media-links.js';
import type { MediaView } from './media-view.js';

/** A file, with a link that opens it for a while. @throws MediaNotFound */
export class FindMedia extends Query<MediaView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly mediaId: string,
  ) {
    super();
  }
}

@QueryHandler(FindMedia)
export class FindMediaHandler implements IQueryHandler<FindMedia> {
  constructor(
    private readonly files: MediaFiles,
    private readonly links: MediaLinks,
  ) {}

  async execute({ access, actor, mediaId }: FindMedia): Promise<MediaView> {
    const file = await this.files.findSeen(access, actor, mediaId);
    if (!file) throw new MediaNotFound();
    return this.links.viewOf(file);
  }
}
