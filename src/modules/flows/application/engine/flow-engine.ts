import { Injectable } from '@nestjs/common';
import {
  consentWordIn,
  InboundMiddleware,
  isGreeting,
  type MessageContext,
  type Next,
  PipelineMiddleware,
} from '../../../conversations/index.js';
import type { FlowInput } from '../../domain/move.js';
import { isRestart } from '../../domain/restart-words.js';
import { take } from '../../domain/take.js';
import { Moves } from './moves.js';
import { OpenFlows } from './open-flows.js';

/**
 * Leads conversations through the merchant's flow (S2.30-S2.33, S2.38, S2.39), before the house's own intents: what the flow does not recognise
 * goes on to them. STOP and START are never the flow's. The same tap on the same message is answered once (C58).
 */
@Injectable()
@PipelineMiddleware({ order: 900 })
export class FlowEngine extends InboundMiddleware {
  constructor(
    private readonly flows: OpenFlows,
    private readonly moves: Moves,
  ) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    if (!(await this.#leads(context))) await next();
  }

  async #leads(context: MessageContext): Promise<boolean> {
    const input = inputOf(context);
    // Whatever comes first in a session ends the last one.
    const flow = input || context.session.isNew ? await this.flows.open(context) : undefined;
    if (!flow || !input) {
      // What begins anew does so without a flow, too.
      if (input?.type === 'text' && isRestart(undefined, input.text)) context.wantsMenu = true;
      return false;
    }
    const move = take(flow.graph, flow.newest, flow.position, input, context.writtenAt);
    const tap = tapOf(context);
    if (move.type !== 'none' && tap && context.session.hasAnswered(tap)) {
      context.outcome = 'repeated-tap';
      return true;
    }
    const made = await this.moves.make(context, flow, move);
    if (made === 'answered' && tap) context.session.noteAnswered(tap);
    return made !== 'left';
  }
}

/**
 * Undefined: a picture and the like, or a word that is about being written to at all. While people are at it, a tap on a template that comes so
 * far may be an answer to a reminder; the flow is silent.
 */
function inputOf({ message: { body }, consentChange, isSilent }: MessageContext): FlowInput | undefined {
  if (isSilent || consentChange !== undefined || consentWordIn(body)?.wish === 'stop') return undefined;
  if (body.type === 'text') return { type: 'text', text: body.text, isGreeting: isGreeting(body.text) };
  return body.type === 'tap' ? { type: 'tap', id: body.id } : undefined;
}

/** What was tapped on which message, as the house's own steps remember it too. */
function tapOf({ message: { body, contextWamid } }: MessageContext): string | undefined {
  return body.type === 'tap' && contextWamid ? `${contextWamid}/${body.id}` : undefined;
}
