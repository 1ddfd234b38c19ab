import { Module } from '@nestjs/common';
import { AnnounceMessages } from './application/announcing/announce-messages.js';
import { ThreadsModule } from './threads.module.js';

/** Tells the event log what happens to messages of conversations. */
@Module({ imports: [ThreadsModule], providers: [AnnounceMessages] })
export class AnnouncingModule {}
