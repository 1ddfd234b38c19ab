import { Injectable } from '@nestjs/common';
import { type MessageContext, SESSION_MS } from '../../../conversations/index.js';
import type { FlowGraph, FlowPosition } from '../../domain/flow-graph.js';
import { cleared } from '../../domain/position.js';
import { Graphs } from './graphs.js';
import { type FlowStand, Positions } from './positions.js';

/** The merchant's flow as one message meets it. */
export interface OpenFlow {
  /** The version that the conversation began with; the newest where it has not begun. */
  readonly graph: FlowGraph;
  readonly newest: FlowGraph;
  readonly position: FlowPosition | undefined;
}

/** Opens the flow for a message, and remembers it for those who come later to the same message. */
@Injectable()
export class OpenFlows {
  readonly #open = new WeakMap<MessageContext, OpenFlow>();

  constructor(
    private readonly positions: Positions,
    private readonly graphs: Graphs,
  ) {}

  /** Undefined: the merchant has no flow. */
  async open(context: MessageContext): Promise<OpenFlow | undefined> {
    const { thread, session, now } = context;
    const stand = await this.positions.find(thread.id);
    const flow = stand && (await this.#at(stand, session.isNew && hasRested(stand, now)));
    if (!flow) return undefined;
    if (flow.position && flow.position !== stand.position) await this.positions.set(thread.id, flow.position);
    this.#open.set(context, flow);
    return flow;
  }

  /** As a step meets it that is sent on the merchant's own account: what has rested for as long as a session is over. */
  async find(threadId: string, now: Date): Promise<OpenFlow | undefined> {
    const stand = await this.positions.find(threadId);
    return stand && this.#at(stand, hasRested(stand, now));
  }

  /** The flow has nothing that could be said to this message. */
  close(context: MessageContext): void {
    this.#open.delete(context);
  }

  /** What was opened for this message. */
  of(context: MessageContext): OpenFlow | undefined {
    return this.#open.get(context);
  }

  /** A session that has ended took the place in the flow with it, unless a step was sent on the merchant's own account since. */
  async #at({ newest: version, position }: FlowStand, isOver: boolean): Promise<OpenFlow | undefined> {
    const newest = await this.graphs.find(version);
    if (!newest || !position) return newest && { graph: newest, newest, position };
    const graph = isOver ? undefined : await this.graphs.find(position.flowVersion);
    return graph ? { graph, newest, position } : { graph: newest, newest, position: cleared(position, version) };
  }
}

function hasRested({ movedAt }: FlowStand, now: Date): boolean {
  return movedAt !== undefined && movedAt.getTime() + SESSION_MS <= now.getTime();
}
