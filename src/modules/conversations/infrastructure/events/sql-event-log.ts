import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { heardThreads, seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { TenantEventName } from '../../../../platform/realtime/tenant-event-names.js';
import { EventLog, type EventReader, type LoggedEvent, toLoggedEvent } from '../../application/events/event-log.js';

interface EventRow {
  readonly seq: number;
  readonly name: TenantEventName;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/** Decides in SQL what `audience.ts` decides for sockets; `test/realtime/audience.test.ts` holds one to the other. */
@Injectable()
export class SqlEventLog extends EventLog {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async oldest(): Promise<number | undefined> {
    const [row] = await this.unitOfWork.sql.query<{ seq: number | null }>(
      'select min(seq)::float8 as seq from tenant_event where tenant_id = $1::uuid',
      [this.scope.tenantId],
    );
    return row?.seq ?? undefined;
  }

  async read(reader: EventReader, after: number, upTo: number, limit: number): Promise<readonly LoggedEvent[]> {
    const { access, actor, userId, withheld } = reader;
    const seen = seenUnderThreads(access, 'e', 9);
    const heard = heardThreads(access, 'kept', 9 + seen.parameters.length);
    const rows = await this.unitOfWork.sql.query<EventRow>(
      `select e.seq::float8 as seq, e.name, e.actor, e.payload, e.occurred_at as "occurredAt"
       from tenant_event e
       where e.tenant_id = $1::uuid and e.seq > $2::bigint and e.seq <= $3::bigint
         and (e.user_id is null or e.user_id = $5::uuid) and e.name <> all($8::text[])
         and ((e.thread_id is null and e.phone_number_id is null) or ${seen.sql})
         and (e.name <> 'notification' or (e.actor is distinct from $6::text
           and (e.thread_id is null or e.user_id is not null or exists (
             select from thread named join thread kept
               on kept.tenant_id = named.tenant_id and kept.id = case when named.merged_into_id is null then named.id else named.merged_into_id end
             where named.tenant_id = e.tenant_id and named.id = e.thread_id and ${heard.sql}
               and not exists (select from thread_mute m where m.tenant_id = kept.tenant_id and m.thread_id = kept.id
                 and m.user_id = $5::uuid and m.muted_until > $7::timestamptz)))))
       order by e.seq limit $4::int`,
      [
        this.scope.tenantId,
        after,
        upTo,
        limit,
        userId ?? null,
        actor,
        this.clock.now().toISOString(),
        [...withheld],
        ...seen.parameters,
        ...heard.parameters,
      ],
    );
    return rows.map(toLoggedEvent);
  }
}
