import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import {
  GiveBackToAutomation,
  InboundMiddleware,
  type MessageContext,
  type Next,
  PipelineMiddleware,
} from '../../../conversations/index.js';
import { isStopped } from '../../domain/loop-guard.js';
import { isWord } from '../../domain/rule-match.js';
import { Graphs } from './graphs.js';
import { Positions } from './positions.js';

/**
 * The merchant's restart words always work: also when the conversation was handed to people, unless that was because a program seemed to write
 * them. Stands before the step that keeps silent for people.
 */
@Injectable()
@PipelineMiddleware({ order: 190 })
export class GiveBackOnRestart extends InboundMiddleware {
  constructor(
    private readonly positions: Positions,
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

  async #isWanted({ thread, isSilent, message: { body } }: MessageContext): Promise<boolean> {
    if (body.type !== 'text' || !isSilent) return false;
    const stand = await this.positions.find(thread.id);
    const isLoop = thread.silence?.why === 'loop';
    if (!stand || (isLoop && stand.position && isStopped(stand.position))) return false;
    const newest = await this.graphs.find(stand.newest);
    return newest !== undefined && isWord(newest.restartWords, body.text);
  }
}
