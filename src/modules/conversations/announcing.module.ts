import { Module } from '@nestjs/common';
import { ThreadsModule } from './threads.module.js';

/** Tells the event log what happens to messages of conversations. */
@Module({ imports: [ThreadsModule] })
export class AnnouncingModule {}
