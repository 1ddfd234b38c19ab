import { Module } from '@nestjs/common';
import { ThreadsModule } from './threads.module.js';

/** The shared inbox: lists, search, counts, who works on what, notes, labels, canned replies. */
@Module({ imports: [ThreadsModule] })
export class InboxModule {}
