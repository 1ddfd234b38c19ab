import { Module } from '@nestjs/common';
import { ThreadsModule } from './threads.module.js';

/** Messages of a conversation: history, sends within the window, rules that answer with a template. */
@Module({ imports: [ThreadsModule] })
export class MessagesModule {}
