import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { InboxEvents } from './application/inbox-events.js';
import { ThreadFollowers } from './application/thread-follower.js';
import { Threads } from './application/threads.js';
import { VisibleThreads } from './application/visible-threads.js';
import { SqlThreads } from './infrastructure/sql-threads.js';
import { SqlVisibleThreads } from './infrastructure/sql-visible-threads.js';

/** What every part of the module needs: threads, and the words in which the event log tells of them. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    InboxEvents,
    ThreadFollowers,
    { provide: Threads, useClass: SqlThreads },
    { provide: VisibleThreads, useClass: SqlVisibleThreads },
  ],
  exports: [InboxEvents, Threads, VisibleThreads],
})
export class ThreadsModule {}
