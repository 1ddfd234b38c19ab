import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type Connection, Presence, type Viewer } from '../../application/presence/presence.js';

/** A lease outlives two renewals that fail. */
export const RENEW_VIEWERS_MS = 15_000;
const LEASE = `now() + interval '45 seconds'`;
/** Whoever goes on writing says so again before. */
export const TYPING_MS = 6000;

@Injectable()
export class SqlPresence extends Presence {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async view({ connectionId, userId }: Connection, threadId: string): Promise<readonly string[]> {
    const left = await this.#threads(
      `delete from thread_viewer where tenant_id = $1::uuid and connection_id = $2 and thread_id <> $3::uuid returning thread_id as id`,
      [connectionId, threadId],
    );
    await this.unitOfWork.sql.query(
      `insert into thread_viewer (tenant_id, thread_id, connection_id, user_id, viewing_until)
       values ($1::uuid, $2::uuid, $3, $4::uuid, ${LEASE})
       on conflict (tenant_id, thread_id, connection_id) do update set viewing_until = excluded.viewing_until`,
      [this.scope.tenantId, threadId, connectionId, userId],
    );
    return left;
  }

  leave(connectionId: string): Promise<readonly string[]> {
    return this.#threads(
      `delete from thread_viewer where tenant_id = $1::uuid and connection_id = $2 returning thread_id as id`,
      [connectionId],
    );
  }

  async type(connectionId: string, threadId: string): Promise<boolean> {
    const typing = await this.#threads(
      `update thread_viewer set typing_until = now() + interval '${TYPING_MS} milliseconds', viewing_until = ${LEASE}
       where tenant_id = $1::uuid and connection_id = $2 and thread_id = $3::uuid returning thread_id as id`,
      [connectionId, threadId],
    );
    return typing.length > 0;
  }

  renew(connectionIds: readonly string[]): Promise<readonly string[]> {
    return this.#threads(
      `update thread_viewer set viewing_until = ${LEASE}
       where tenant_id = $1::uuid and connection_id = any($2::text[]) returning thread_id as id`,
      [connectionIds],
    );
  }

  /** A read model: reads the tenants module's users for their names. */
  async viewersOf(threadIds: readonly string[]): Promise<ReadonlyMap<string, readonly Viewer[]>> {
    const rows = await this.unitOfWork.sql.query<Viewer & { threadId: string }>(
      `select v.thread_id as "threadId", v.user_id as "userId", u.name, coalesce(bool_or(v.typing_until > now()), false) as typing
       from thread_viewer v join app_user u on u.tenant_id = v.tenant_id and u.id = v.user_id
       where v.tenant_id = $1::uuid and v.thread_id = any($2::uuid[]) and v.viewing_until > now()
       group by v.thread_id, v.user_id, u.name order by u.name, v.user_id`,
      [this.scope.tenantId, threadIds],
    );
    const byThread = Map.groupBy(rows, ({ threadId }) => threadId);
    return new Map([...byThread].map(([id, viewers]) => [id, viewers.map(({ threadId: _, ...viewer }) => viewer)]));
  }

  async #threads(text: string, parameters: readonly unknown[]): Promise<readonly string[]> {
    const rows = await this.unitOfWork.sql.query<{ id: string }>(text, [this.scope.tenantId, ...parameters]);
    return [...new Set(rows.map(({ id }) => id))];
  }
}
