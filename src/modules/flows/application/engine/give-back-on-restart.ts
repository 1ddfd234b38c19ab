import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import {
  GiveBackToAutomation,
  InboundMiddleware,
  type MessageContext,
  type Next,
  PipelineMiddleware,
} from '../../../conversations/index.js';
import { isWord } from '../../domain/rule-match.js';
import { Graphs } from './graphs.js';

/** The merchant's restart words always work: also when the conversation was handed to people. Stands before the step that keeps silent for them. */
@Injectable()
@PipelineMiddleware({ order: 190 })
export class GiveBackOnRestart extends InboundMiddleware {
  constructor(
    private readonly graphs: Graphs,
    private readonly commands: Commands,
  ) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    if (await this.#isWanted(context)) {
      await this.commands.execute(new GiveBackToAutomation(context.thread.id));
      context.isGivenBack = true;
    }
    await next();
  }

  async #isWanted({ thread, now, message: { body } }: MessageContext): Promise<boolean> {
    if (body.type !== 'text' || thread.botPausedUntil === undefined || now >= thread.botPausedUntil) return false;
    const newest = await this.graphs.newest();
    return newest !== undefined && isWord(newest.restartWords, body.text);
  }
}
