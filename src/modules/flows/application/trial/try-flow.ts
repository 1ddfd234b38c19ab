import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { FlowGraph } from '../../domain/flow-graph.js';
import { atOnce } from '../../domain/work.js';
import { Graphs } from '../engine/graphs.js';
import { Merchants } from '../engine/merchants.js';
import { SuppliesOfSteps } from '../engine/supplies.js';
import { TryFlowChanges } from '../steps/write-flow.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import type { FlowDocument } from '../exchange/flow-document.js';
import { importPlan } from '../exchange/import-changes.js';
import { Flows } from '../steps/flows.js';
import { graphOf } from '../steps/graph-of.js';
import { play } from './play.js';
import type { Trial, TrialMessage } from './transcript.js';

/** Somebody made up. */
export interface TrialCustomer {
  readonly name?: string;
  /** BCP 47 */
  readonly language?: string;
}

/**
 * Plays messages through the merchant's flow, or through a draft of one, without sending or writing anything (D16).
 * @throws FlowRefused, RegexRefused of a draft that cannot work
 */
export class TryFlow extends Query<Trial> {
  constructor(
    readonly messages: readonly TrialMessage[],
    readonly customer: TrialCustomer,
    /** By whole name: `customer.balance`. */
    readonly variables: Readonly<Record<string, string>>,
    readonly draft: FlowDocument | undefined,
  ) {
    super();
  }
}

@QueryHandler(TryFlow)
export class TryFlowHandler implements IQueryHandler<TryFlow> {
  constructor(
    private readonly graphs: Graphs,
    private readonly flows: Flows,
    private readonly merchants: Merchants,
    private readonly supplies: SuppliesOfSteps,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {}

  async execute({ messages, customer: { name, language }, variables, draft }: TryFlow): Promise<Trial> {
    const flow = (draft ? await this.#drafted(draft) : await this.graphs.newest()) ?? EMPTY;
    const merchant = await this.merchants.current();
    const values = new Map([
      ['merchant.name', merchant.name],
      ...(name === undefined ? [] : [['customer.name', name] as const]),
      ...Object.entries(variables),
    ]);
    const supplies = await this.supplies.ofReadyNumber(flow.steps);
    return atOnce(play(flow, messages, { language, values, supplies }, this.clock.now()));
  }

  async #drafted(draft: FlowDocument): Promise<FlowGraph> {
    const { changes } = importPlan(draft, await this.flows.find(), 'replace');
    return graphOf((await this.queries.execute(new TryFlowChanges(changes))).flow);
  }
}

const EMPTY: FlowGraph = { version: 0, steps: [], rules: [], restartWords: [] };
