import { Module } from '@nestjs/common';
import { ThreadsModule } from './threads.module.js';

/** What people are told: windows that close, what is unread, what is muted. */
@Module({ imports: [ThreadsModule] })
export class NotificationsModule {}
