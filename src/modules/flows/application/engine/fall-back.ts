import { Injectable } from '@nestjs/common';
import { HandlesIntent, IntentHandler, type MessageContext, type Unanswered } from '../../../conversations/index.js';
import type { Move } from '../../domain/move.js';
import { fallBack } from '../../domain/take.js';
import { Moves } from './moves.js';
import { type OpenFlow, OpenFlows } from './open-flows.js';

/**
 * The merchant's fallback (S2.33): for a text or a tap that neither the flow nor anything of the house recognises, before the house's own hint.
 * Buttons of approved templates are left alone: others may wait for them.
 */
@Injectable()
@HandlesIntent({ name: 'flows.fallback', priority: 8500, tapsExpire: 'never' })
export class FallBack extends IntentHandler {
  constructor(
    private readonly flows: OpenFlows,
    private readonly moves: Moves,
  ) {
    super();
  }

  recognizes(context: MessageContext): boolean {
    const { body } = context.message;
    const isMeant = body.type === 'text' || (body.type === 'tap' && body.source !== 'template');
    const flow = this.flows.of(context);
    return isMeant && flow !== undefined && moveOf(flow, context).type !== 'none';
  }

  async answer(context: MessageContext): Promise<Unanswered | undefined> {
    const flow = this.flows.of(context);
    const made = flow ? await this.moves.make(context, flow, moveOf(flow, context)) : 'left';
    return made === 'answered' ? undefined : made;
  }
}

function moveOf({ graph, newest, position }: OpenFlow, { writtenAt }: MessageContext): Move {
  return fallBack(graph, newest, position, writtenAt);
}
