import { Injectable } from '@nestjs/common';
import { MediaFiles } from '../../application/media/media-files.js';
import { MessageWatcher, type QueuedMessage, WatchesMessages } from '../../application/outbound/message-watcher.js';
import { ownFileOf } from '../../domain/own-file.js';

/** Remembers which messages show which files of ours: whoever sees the message sees the file. */
@Injectable()
@WatchesMessages()
export class NoteMediaUses extends MessageWatcher {
  constructor(private readonly files: MediaFiles) {
    super();
  }

  async queued(messages: readonly QueuedMessage[]): Promise<void> {
    const uses = messages.flatMap(({ messageId, content }) => {
      const own = ownFileOf(content);
      return own ? [{ messageId, mediaId: own.mediaId }] : [];
    });
    if (uses.length > 0) await this.files.addUses(uses);
  }

  async moved(): Promise<void> {}

  async reported(): Promise<void> {}
}
