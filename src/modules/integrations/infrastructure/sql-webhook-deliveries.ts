import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import {
  type DeliveryDetails,
  type DeliveryState,
  type DeliveryView,
  WebhookDeliveries,
} from '../application/deliveries/webhook-deliveries.js';
import { pingOf, toWebhookEvent } from '../application/deliveries/webhook-event.js';
import { WebhookDeliveryNotFound } from '../domain/webhook-errors.js';

interface DetailsRow extends Omit<DeliveryDetails, 'event'> {
  /** Null: the log has forgotten the event. */
  readonly name: string | null;
  readonly occurredAt: Date;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

const VIEW = `d.id, d.event_id as "eventId", d.type, d.seq::float8 as seq, d.state, d.attempts, d.next_at as "nextAt", d.last_status as "lastStatus",
  d.last_error as "lastError", d.last_took_ms as "lastTookMs", d.created_at as "createdAt", d.updated_at as "updatedAt"`;

@Injectable()
export class SqlWebhookDeliveries extends WebhookDeliveries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  page(
    endpointId: string,
    state: DeliveryState | undefined,
    after: { readonly createdAt: Date; readonly id: string } | undefined,
    limit: number,
  ): Promise<readonly DeliveryView[]> {
    // The state is a word of ours and stands in the statement, so that the partial index of exhausted ones serves it.
    return this.unitOfWork.sql.query<DeliveryView>(
      `select ${VIEW} from webhook_delivery d
       where d.tenant_id = $1::uuid and d.endpoint_id = $2::uuid ${state ? `and d.state = '${state}'` : ''}
         and ($3::timestamptz is null or (d.created_at, d.id) < ($3::timestamptz, $4::uuid))
       order by d.created_at desc, d.id desc limit $5::int`,
      [this.scope.tenantId, endpointId, after?.createdAt.toISOString() ?? null, after?.id ?? null, limit],
    );
  }

  async find(endpointId: string, id: string): Promise<DeliveryDetails> {
    const [row] = await this.unitOfWork.sql.query<DetailsRow>(
      `select ${VIEW}, d.history, e.name, e.occurred_at as "occurredAt", e.actor, e.payload
       from webhook_delivery d left join tenant_event e on e.tenant_id = d.tenant_id and e.id = d.event_id
       where d.tenant_id = $1::uuid and d.endpoint_id = $2::uuid and d.id = $3::uuid`,
      [this.scope.tenantId, endpointId, id],
    );
    if (!row) throw new WebhookDeliveryNotFound();
    const { name, occurredAt, actor, payload, ...view } = row;
    return { ...view, event: eventOf(view, name, { occurredAt, actor, payload }, endpointId) };
  }

  async count(endpointId: string, ids: readonly string[]): Promise<number> {
    const [row] = await this.unitOfWork.sql.query<{ n: number }>(
      'select count(*)::int as n from webhook_delivery where tenant_id = $1::uuid and endpoint_id = $2::uuid and id = any($3::uuid[])',
      [this.scope.tenantId, endpointId, ids],
    );
    return row!.n;
  }
}

function eventOf(
  { eventId, seq, createdAt }: DeliveryView,
  name: string | null,
  logged: Pick<DetailsRow, 'occurredAt' | 'actor' | 'payload'>,
  endpointId: string,
): DeliveryDetails['event'] {
  if (seq === null) return pingOf(eventId, endpointId, createdAt);
  return name === null ? null : toWebhookEvent({ ...logged, id: eventId, name, seq });
}
