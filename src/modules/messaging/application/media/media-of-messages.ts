import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { MediaFiles } from './media-files.js';
import { MediaLinks } from './media-links.js';
import type { MediaView } from './media-view.js';

/** Files that messages show, by the message's id, in one statement. Whoever asks has looked that the caller sees the messages. */
export class MediaOfMessages extends Query<ReadonlyMap<string, MediaView>> {
  constructor(readonly messageIds: readonly string[]) {
    super();
  }
}

@QueryHandler(MediaOfMessages)
export class MediaOfMessagesHandler implements IQueryHandler<MediaOfMessages> {
  constructor(
    private readonly files: MediaFiles,
    private readonly links: MediaLinks,
  ) {}

  async execute({ messageIds }: MediaOfMessages): Promise<ReadonlyMap<string, MediaView>> {
    if (messageIds.length === 0) return new Map();
    const found = await this.files.ofMessages(messageIds);
    return new Map([...found].map(([messageId, file]) => [messageId, this.links.viewOf(file)]));
  }
}
