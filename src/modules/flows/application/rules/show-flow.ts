import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Flows, type FlowView } from '../steps/flows.js';

/** The merchant's flow as it stands: steps, rules and the rest. */
export class FindFlow extends Query<FlowView> {}

@QueryHandler(FindFlow)
export class FindFlowHandler implements IQueryHandler<FindFlow> {
  constructor(private readonly flows: Flows) {}

  execute(): Promise<FlowView> {
    return this.flows.find();
  }
}
