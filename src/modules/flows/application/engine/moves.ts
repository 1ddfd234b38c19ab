import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { HandToPeople, type MessageContext } from '../../../conversations/index.js';
import type { MessageContent } from '../../../messaging/index.js';
import type { FlowPosition } from '../../domain/flow-graph.js';
import type { Move } from '../../domain/move.js';
import { EdgeCounts } from './edge-counts.js';
import { type OpenFlow, OpenFlows } from './open-flows.js';
import { Positions } from './positions.js';
import { Sayings } from './sayings.js';

type Sending = Extract<Move, { type: 'send' }>;

/** What became of a message: it has been answered, or is to have no answer; an answer was withheld; or others may answer. */
export type Made = 'answered' | 'withheld' | 'left';

/** Does what a move says, in the transaction of the customer's message: the answer, the place in the flow, and the count are one. */
@Injectable()
export class Moves {
  constructor(
    private readonly flows: OpenFlows,
    private readonly positions: Positions,
    private readonly edges: EdgeCounts,
    private readonly sayings: Sayings,
    private readonly commands: Commands,
  ) {}

  async make(context: MessageContext, flow: OpenFlow, move: Move): Promise<Made> {
    const threadId = context.thread.id;
    switch (move.type) {
      case 'none':
        // "Hi" goes to the house's menu, and the conversation has begun anew all the same.
        if (flow.position && isAnotherPlace(flow.position, move.position))
          await this.positions.set(threadId, move.position);
        return 'left';
      case 'menu':
        context.wantsMenu = true;
        await this.positions.set(threadId, move.position);
        await this.edges.add(move.edge);
        return 'left';
      case 'withheld':
        context.outcome = 'flow-loop';
        await this.positions.set(threadId, move.position);
        await this.commands.execute(new HandToPeople(threadId, 'loop'));
        return 'withheld';
      case 'ended':
        context.outcome = 'flow-ended';
        await this.positions.set(threadId, move.position);
        await this.edges.add(move.edge);
        return 'answered';
      case 'send':
        return this.#send(context, flow, move);
    }
  }

  async #send(context: MessageContext, flow: OpenFlow, move: Sending): Promise<Made> {
    const content = await this.#contentOf(context, move);
    if (content) {
      await this.#answer(context, move, content);
      return 'answered';
    }
    const { otherwise } = move;
    // Nor can the fallback be said: it is not asked again.
    if (otherwise.type === 'none') this.flows.close(context);
    return this.make(context, flow, otherwise);
  }

  async #answer(context: MessageContext, { step, edge, position }: Sending, content: MessageContent): Promise<void> {
    const { thread, message } = context;
    context.outcome = edge.edge === 'fallback' ? 'flow-fallback' : 'flow';
    await context.reply(content, `reply:${message.wamid}`, { templateKey: step.key });
    await this.positions.set(thread.id, position);
    await this.edges.add(edge);
    if (step.handsOff) await this.commands.execute(new HandToPeople(thread.id, 'flow'));
  }

  #contentOf({ thread }: MessageContext, { step, position }: Sending): Promise<MessageContent | undefined> {
    const { id: threadId, contactId, phoneNumberId } = thread;
    return this.sayings.say(step, { threadId, contactId, phoneNumberId, answers: position.answers });
  }
}

function isAnotherPlace(a: FlowPosition, b: FlowPosition): boolean {
  return (
    a.lastTemplateKey !== b.lastTemplateKey || a.openKey !== b.openKey || a.state !== b.state || a.answers !== b.answers
  );
}
