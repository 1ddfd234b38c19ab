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
    const stand = await this.positions.find(context.thread.id);
    const newest = stand && (await this.graphs.find(stand.newest));
    if (!stand || !newest) return undefined;
    const flow = await this.#at(stand, newest, context);
    this.#open.set(context, flow);
    return flow;
  }

  /** What was opened for this message. */
  of(context: MessageContext): OpenFlow | undefined {
    return this.#open.get(context);
  }

  /** A session that has ended took the place in the flow with it, unless a step was sent on the merchant's own account since. */
  async #at({ position, movedAt }: FlowStand, newest: FlowGraph, context: MessageContext): Promise<OpenFlow> {
    if (!position || !movedAt) return { graph: newest, newest, position: undefined };
    const isOver = context.session.isNew && movedAt.getTime() + SESSION_MS <= context.now.getTime();
    const graph = isOver ? undefined : await this.graphs.find(position.flowVersion);
    if (graph) return { graph, newest, position };
    const anew = cleared(position, newest.version);
    await this.positions.set(context.thread.id, anew);
    return { graph: newest, newest, position: anew };
  }
}
