import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { type TemplateView, toTemplateView } from './template-view.js';
import { type TemplateFilter, Templates } from './templates.js';

/** The tenant's templates as they are known here, by name (S1.36, S1.82). */
export class ListTemplates extends Query<Page<TemplateView>> {
  constructor(
    readonly filter: TemplateFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ name: 'text', id: 'uuid' });

@QueryHandler(ListTemplates)
export class ListTemplatesHandler implements IQueryHandler<ListTemplates> {
  constructor(
    private readonly templates: Templates,
    private readonly clock: Clock,
  ) {}

  async execute({ filter, limit, cursor: given }: ListTemplates): Promise<Page<TemplateView>> {
    const now = this.clock.now();
    const rows = await this.templates.list(filter, limit + 1, cursor.read(given));
    return cursor.page(rows, limit, (row) => toTemplateView(row, now));
  }
}
