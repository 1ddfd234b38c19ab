import { Module } from '@nestjs/common';
import { DeadLettersModule } from '../../platform/dead-letters/dead-letters.module.js';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { AccountsModule } from './accounts.module.js';
import { FetchMediaAgainHandler, GivenUpMedia } from './application/media/fetch-media-again.js';
import { FetchMedia } from './application/media/fetch-media.js';
import { FileInspection } from './application/media/file-inspection.js';
import { FindMediaHandler } from './application/media/find-media.js';
import { MEDIA_FETCH } from './application/media/media-fetch-lane.js';
import { MediaLinks } from './application/media/media-links.js';
import { MediaOfMessagesHandler } from './application/media/media-of-messages.js';
import { UploadMediaHandler } from './application/media/upload-media.js';
import { FetchMediaWhenAccountConnected } from './infrastructure/media/fetch-media-when-account-connected.js';
import { ImageCleaning } from './infrastructure/media/image-cleaning.js';
import { MediaContent } from './infrastructure/media/media-content.js';
import { MediaFetchDrain } from './infrastructure/media/media-fetch.drain.js';
import { MediaController } from './infrastructure/media/media.controller.js';
import { RedriveMedia } from './infrastructure/media/redrive-media.js';
import { SniffedFileInspection } from './infrastructure/media/sniffed-file-inspection.js';
import { UploadIntake } from './infrastructure/media/upload-intake.js';
import { MediaBooksModule } from './media-books.module.js';

/** Files: customers' are fetched and kept, the merchant's are uploaded and sent. */
@Module({
  imports: [LanesModule.forKinds(MEDIA_FETCH), DeadLettersModule, MediaBooksModule, AccountsModule],
  controllers: [MediaController],
  providers: [
    UploadMediaHandler,
    UploadIntake,
    ImageCleaning,
    MediaContent,
    FetchMedia,
    GivenUpMedia,
    FetchMediaAgainHandler,
    FindMediaHandler,
    MediaOfMessagesHandler,
    MediaLinks,
    { provide: FileInspection, useClass: SniffedFileInspection },
    MediaFetchDrain,
    RedriveMedia,
    FetchMediaWhenAccountConnected,
  ],
})
export class MediaModule {}
