import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { FlowGraph } from '../../domain/flow-graph.js';
import { compileGently, gently } from '../engine/compile-gently.js';
import { Graphs } from '../engine/graphs.js';
import { Merchants } from '../engine/merchants.js';
import { SuppliesOfSteps } from '../engine/supplies.js';
import { TryFlowChanges } from '../steps/write-flow.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { FlowDocument } from '../exchange/flow-document.js';
import { importPlan } from '../exchange/import-changes.js';
import { acceptPatterns } from '../steps/accept-patterns.js';
import { Flows } from '../steps/flows.js';
import { graphOf } from '../steps/graph-of.js';
import { valuesOfNewBooks } from './new-books.js';
import { play } from './play.js';
import type { Trial, TrialMessage } from './transcript.js';

/** Somebody made up. */
export interface TrialCustomer {
  readonly name?: string;
  /** BCP 47 */
  readonly language?: string;
}

/**
 * Plays messages through the merchant's flow, or through a draft of one, without sending or writing anything (D16). Patterns are compiled before
 * its one transaction, and the messages are played after it (F57).
 * @throws FlowRefused, RegexRefused of a draft that cannot work
 */
@OpensItsOwnTransactions()
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
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ messages, customer, variables, draft }: TryFlow): Promise<Trial> {
    if (draft) await acceptPatterns({ put: draft.steps, rules: draft.rules });
    const { flow, merchant, supplies } = await this.unitOfWork.run(async () => {
      const tried = (draft ? await this.#drafted(draft) : await this.graphs.newest()) ?? EMPTY;
      const merchant = await this.merchants.current();
      return { flow: tried, merchant, supplies: await this.supplies.ofReadyNumber(tried.steps) };
    });
    await compileGently(flow);
    const now = this.clock.now();
    const { name, language } = customer;
    const values = new Map([
      ['merchant.name', merchant.name],
      ...(name === undefined ? [] : [['customer.name', name] as const]),
      ...Object.entries(variables),
    ]);
    const onceStopped = valuesOfNewBooks(merchant, customer, now);
    return gently(play(flow, messages, { language, values, onceStopped, supplies }, now));
  }

  async #drafted(draft: FlowDocument): Promise<FlowGraph> {
    const { changes } = importPlan(draft, await this.flows.find(), 'replace');
    return graphOf((await this.queries.execute(new TryFlowChanges(changes))).flow);
  }
}

const EMPTY: FlowGraph = { version: 0, steps: [], rules: [], restartWords: [] };
