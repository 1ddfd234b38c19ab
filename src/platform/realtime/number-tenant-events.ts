import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { FollowsTenantEvents, type TenantEventFollower } from './tenant-event-follower.js';

/** Events that one transaction numbers. */
const BATCH = 1000;

/**
 * Gives committed events their numbers. The head's row lock makes this one at a time for a tenant, so numbers commit in their order and
 * without gaps, whatever the order in which the transactions that wrote the events began (reliability M8).
 */
@Injectable()
export class NumberTenantEvents {
  #followers: readonly TenantEventFollower[] | undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly discovery: DiscoveryService,
  ) {}

  /**
   * Numbers all that is committed. Locks nothing when that is done already, so that any number of readers may ask at once.
   * @returns the tenant's last number
   */
  async numberAll(): Promise<number> {
    const { tenantId } = this.scope;
    const [known] = await this.unitOfWork.runSql((sql) =>
      sql.query<{ seq: number; pending: boolean }>(
        `select coalesce((select seq from tenant_event_head where tenant_id = $1::uuid), 0)::float8 as seq,
           exists (select from tenant_event where tenant_id = $1::uuid and seq is null) as pending`,
        [tenantId],
      ),
    );
    let { seq, pending } = known!;
    while (pending) ({ seq, more: pending } = await this.number());
    return seq;
  }

  /** Numbers all that is committed, and lets nobody else give a number until the open transaction ends. @returns the tenant's last number */
  async hold(): Promise<number> {
    let { seq, more } = await this.number();
    while (more) ({ seq, more } = await this.number());
    return seq;
  }

  /** @returns the tenant's last number, and whether there may be more to number */
  number(): Promise<{ seq: number; more: boolean }> {
    const { tenantId } = this.scope;
    return this.unitOfWork.runSql(async (sql) => {
      // Two statements: the second sees what the worker before has numbered while the first waited for it.
      const [head] = await sql.query<{ seq: number }>(
        `insert into tenant_event_head (tenant_id, seq) values ($1::uuid, 0)
         on conflict (tenant_id) do update set seq = tenant_event_head.seq returning seq::float8 as seq`,
        [tenantId],
      );
      const [numbered] = await sql.query<{ n: number }>(
        `with next as (
           select id, row_number() over (order by position) as n
           from (select id, position from tenant_event where tenant_id = $1::uuid and seq is null order by position limit ${BATCH}) unnumbered),
         given as (
           update tenant_event e set seq = $2::bigint + next.n from next where e.tenant_id = $1::uuid and e.id = next.id returning 1),
         moved as (
           update tenant_event_head set seq = seq + (select count(*) from next) where tenant_id = $1::uuid)
         select count(*)::int as n from given`,
        [tenantId, head!.seq],
      );
      const seq = head!.seq + numbered!.n;
      if (numbered!.n > 0) for (const follower of this.#following()) await follower.numbered(seq);
      return { seq, more: numbered!.n === BATCH };
    });
  }

  #following(): readonly TenantEventFollower[] {
    return (this.#followers ??= this.discovery
      .getProviders({ metadataKey: FollowsTenantEvents.KEY })
      .map(({ instance }) => instance as TenantEventFollower));
  }
}
