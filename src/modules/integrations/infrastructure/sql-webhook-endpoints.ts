import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { type EndpointToAdd, type EndpointView, WebhookEndpoints } from '../application/endpoints/webhook-endpoints.js';
import { WebhookEndpointNotFound } from '../domain/webhook-errors.js';

const VIEW = `id, url, description, events, status, cursor::float8 as position, succeeded_at as "succeededAt", failing_since as "failingSince",
  created_at as "createdAt", updated_at as "updatedAt"`;

@Injectable()
export class SqlWebhookEndpoints extends WebhookEndpoints {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  page(after: string | undefined, limit: number): Promise<readonly EndpointView[]> {
    return this.unitOfWork.sql.query<EndpointView>(
      `select ${VIEW} from webhook_endpoint where tenant_id = $1::uuid and status <> 'removed' and ($2::uuid is null or id > $2::uuid)
       order by id limit $3::int`,
      [this.scope.tenantId, after ?? null, limit],
    );
  }

  find(id: string): Promise<EndpointView> {
    return this.#one(id, '');
  }

  lock(id: string): Promise<EndpointView> {
    return this.#one(id, 'for update');
  }

  async lockNumber(): Promise<number> {
    const { tenantId } = this.scope;
    await this.unitOfWork.sql.query(
      `select pg_advisory_xact_lock(hashtextextended('webhook-endpoints:' || $1, 0))::text`,
      [tenantId],
    );
    const [row] = await this.unitOfWork.sql.query<{ n: number }>(
      `select count(*)::int as n from webhook_endpoint where tenant_id = $1::uuid and status <> 'removed'`,
      [tenantId],
    );
    return row!.n;
  }

  async add(id: string, { url, description, events }: EndpointToAdd, position: number): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into webhook_endpoint (tenant_id, id, url, description, events, cursor, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4::text, $5::text[], $6::bigint, $7::timestamptz, $7::timestamptz)`,
      [this.scope.tenantId, id, url, description ?? null, events ?? [], position, this.#now()],
    );
  }

  async change(id: string, { url, description, events }: Partial<EndpointToAdd>): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set url = coalesce($3::text, url), failing_since = case when url = coalesce($3::text, url) then failing_since end,
         description = case when $4::boolean then $5::text else description end,
         events = coalesce($6::text[], events), updated_at = $7::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [
        this.scope.tenantId,
        id,
        url ?? null,
        description !== undefined,
        description ?? null,
        events ?? null,
        this.#now(),
      ],
    );
  }

  async pause(id: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set status = 'paused', updated_at = $3::timestamptz where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, id, this.#now()],
    );
  }

  async resume(id: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set status = 'enabled', failing_since = null, updated_at = $3::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, id, this.#now()],
    );
  }

  async remove(id: string): Promise<void> {
    const given = [this.scope.tenantId, id];
    await this.unitOfWork.sql.query(
      `update webhook_endpoint set status = 'removed', updated_at = $3::timestamptz where tenant_id = $1::uuid and id = $2::uuid`,
      [...given, this.#now()],
    );
    await this.unitOfWork.sql.query(
      'delete from webhook_secret where tenant_id = $1::uuid and endpoint_id = $2::uuid',
      given,
    );
  }

  async #one(id: string, lock: '' | 'for update'): Promise<EndpointView> {
    const [found] = await this.unitOfWork.sql.query<EndpointView>(
      `select ${VIEW} from webhook_endpoint where tenant_id = $1::uuid and id = $2::uuid and status <> 'removed' ${lock}`,
      [this.scope.tenantId, id],
    );
    if (!found) throw new WebhookEndpointNotFound();
    return found;
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}
