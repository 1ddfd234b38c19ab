import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { Flows, type StepFilter, type StepView } from './flows.js';

/** By key. @throws InvalidCursor */
export class ListSteps extends Query<Page<StepView>> {
  constructor(
    readonly filter: StepFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** @throws StepNotFound */
export class FindStep extends Query<StepView> {
  constructor(readonly key: string) {
    super();
  }
}

const cursor = new Cursor({ key: 'text' });

@QueryHandler(ListSteps)
export class ListStepsHandler implements IQueryHandler<ListSteps> {
  constructor(private readonly flows: Flows) {}

  async execute({ filter, limit, cursor: given }: ListSteps): Promise<Page<StepView>> {
    const views = await this.flows.page(filter, cursor.read(given)?.key, limit + 1);
    const rows = views.map((view) => ({ key: view.step.key, view }));
    return cursor.page(rows, limit, ({ view }) => view);
  }
}

@QueryHandler(FindStep)
export class FindStepHandler implements IQueryHandler<FindStep> {
  constructor(private readonly flows: Flows) {}

  execute({ key }: FindStep): Promise<StepView> {
    return this.flows.step(key);
  }
}
