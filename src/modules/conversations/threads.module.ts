import { Module } from '@nestjs/common';
import { InboxEvents } from './application/inbox-events.js';
import { Threads } from './application/threads.js';
import { SqlThreads } from './infrastructure/sql-threads.js';

/** What every part of the module needs: threads, and the words in which the event log tells of them. */
@Module({
  providers: [InboxEvents, { provide: Threads, useClass: SqlThreads }],
  exports: [InboxEvents, Threads],
})
export class ThreadsModule {}
