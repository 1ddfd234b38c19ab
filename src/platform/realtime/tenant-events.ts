import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Lanes } from '../lanes/lanes.js';
import type { TenantEventName } from './tenant-event-names.js';
import { TENANT_EVENTS } from './tenant-events-lane.js';

export interface NewTenantEvent {
  readonly name: TenantEventName;
  /** Whom it concerns: those who see the number, and the thread when there is one, at the time of reading. Left out: the whole tenant. */
  readonly phoneNumberId?: string | undefined;
  readonly threadId?: string | undefined;
  /** For this user alone. */
  readonly userId?: string | undefined;
  /** Who did it, as `actorOf` names it; left out for customers and automation. */
  readonly actor?: string | undefined;
  /** JSON; ids and what a list shows at once. No secrets. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * The tenant's event log (reliability 2.14): what a client of the inbox must not miss. Events commit with what they tell of and are numbered
 * afterwards, one worker a tenant (`NumberTenantEvents`), so that no event ever appears before a number that a reader has passed. Events of
 * one thread come in the order of their commits when whoever writes them holds the thread's row.
 */
@Injectable()
export class TenantEvents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  /** Writes events in the open transaction, in their order, whichever kind it is. */
  async append(events: readonly NewTenantEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { tenantId } = this.scope;
    const now = this.clock.now();
    const column = (value: (event: NewTenantEvent) => unknown): unknown[] =>
      events.map((event) => value(event) ?? null);
    await this.unitOfWork.sql.query(
      `insert into tenant_event (tenant_id, id, name, phone_number_id, thread_id, user_id, actor, payload, occurred_at)
       select $1::uuid, id, name, phone_number_id, thread_id, user_id, actor, payload, $2::timestamptz
       from unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::jsonb[]) with ordinality
         as e (id, name, phone_number_id, thread_id, user_id, actor, payload, n) order by n`,
      [
        tenantId,
        now.toISOString(),
        events.map(() => newId()),
        column(({ name }) => name),
        column(({ phoneNumberId }) => phoneNumberId),
        column(({ threadId }) => threadId),
        column(({ userId }) => userId),
        column(({ actor }) => actor),
        column(({ payload }) => JSON.stringify(payload)),
      ],
    );
    await this.lanes.ring(TENANT_EVENTS, [{ key: tenantId, tenantId, dueAt: now }]);
  }
}
