import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import {
  GiveBackToAutomation,
  InboundMiddleware,
  type MessageContext,
  type Next,
  PipelineMiddleware,
} from '../../../conversations/index.js';
import { ignoresRestarts } from '../../domain/loop-guard.js';
import { isRestart } from '../../domain/restart-words.js';
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

  async #isWanted({ thread, isSilent, now, message: { body } }: MessageContext): Promise<boolean> {
    if (body.type !== 'text' || !isSilent) return false;
    const stand = await this.positions.find(thread.id);
    const isLoop = thread.silence?.why === 'loop';
    if (isLoop && stand?.position && ignoresRestarts(stand.position, now)) return false;
    return isRestart(stand && (await this.graphs.find(stand.newest)), body.text);
  }
}
