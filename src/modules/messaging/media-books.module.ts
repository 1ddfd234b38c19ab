import { Module } from '@nestjs/common';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { KeepMediaOfMessage } from './application/media/keep-media-of-message.js';
import { MEDIA_FETCH } from './application/media/media-fetch-lane.js';
import { MediaFiles } from './application/media/media-files.js';
import { SendableFiles } from './application/media/sendable-files.js';
import { NoteMediaUses } from './infrastructure/media/note-media-uses.js';
import { SqlMediaFiles } from './infrastructure/media/sql-media-files.js';

/** The books of files, and who orders that one be fetched: for all that stores messages. */
@Module({
  imports: [LanesModule.forKinds(MEDIA_FETCH)],
  providers: [KeepMediaOfMessage, SendableFiles, NoteMediaUses, { provide: MediaFiles, useClass: SqlMediaFiles }],
  exports: [KeepMediaOfMessage, SendableFiles, MediaFiles],
})
export class MediaBooksModule {}
