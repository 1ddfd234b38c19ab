import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { WebhookEndpoints } from '../endpoints/webhook-endpoints.js';
import {
  type DeliveryDetails,
  type DeliveryState,
  type DeliveryView,
  WebhookDeliveries,
} from './webhook-deliveries.js';

/** Newest first. @throws WebhookEndpointNotFound, InvalidCursor */
export class ListDeliveries extends Query<Page<DeliveryView>> {
  constructor(
    readonly endpointId: string,
    /** Undefined: all. */
    readonly state: DeliveryState | undefined,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** @throws WebhookEndpointNotFound, WebhookDeliveryNotFound */
export class FindDelivery extends Query<DeliveryDetails> {
  constructor(
    readonly endpointId: string,
    readonly id: string,
  ) {
    super();
  }
}

const cursor = new Cursor({ createdAt: 'instant', id: 'uuid' });

@QueryHandler(ListDeliveries)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveries> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
  ) {}

  async execute({ endpointId, state, limit, cursor: given }: ListDeliveries): Promise<Page<DeliveryView>> {
    await this.endpoints.find(endpointId);
    const rows = await this.deliveries.page(endpointId, state, cursor.read(given), limit + 1);
    return cursor.page(rows, limit, (row) => row);
  }
}

@QueryHandler(FindDelivery)
export class FindDeliveryHandler implements IQueryHandler<FindDelivery> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
  ) {}

  async execute({ endpointId, id }: FindDelivery): Promise<DeliveryDetails> {
    await this.endpoints.find(endpointId);
    return this.deliveries.find(endpointId, id);
  }
}
