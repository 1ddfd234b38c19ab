import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/index.js';
import { ComposeStep } from './application/composing/compose-step.js';
import { EngineModule } from './engine.module.js';

/** Makes messages of steps for programs that send them. */
@Module({ imports: [EngineModule, MessagingModule], providers: [ComposeStep] })
export class ComposingModule {}
