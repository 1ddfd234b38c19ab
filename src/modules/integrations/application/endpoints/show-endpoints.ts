import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { type EndpointView, WebhookEndpoints } from './webhook-endpoints.js';

/** Oldest first. @throws InvalidCursor */
export class ListEndpoints extends Query<Page<EndpointView>> {
  constructor(
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** @throws WebhookEndpointNotFound */
export class FindEndpoint extends Query<EndpointView> {
  constructor(readonly id: string) {
    super();
  }
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListEndpoints)
export class ListEndpointsHandler implements IQueryHandler<ListEndpoints> {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  async execute({ limit, cursor: given }: ListEndpoints): Promise<Page<EndpointView>> {
    const rows = await this.endpoints.page(cursor.read(given)?.id, limit + 1);
    return cursor.page(rows, limit, (row) => row);
  }
}

@QueryHandler(FindEndpoint)
export class FindEndpointHandler implements IQueryHandler<FindEndpoint> {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  execute({ id }: FindEndpoint): Promise<EndpointView> {
    return this.endpoints.find(id);
  }
}
