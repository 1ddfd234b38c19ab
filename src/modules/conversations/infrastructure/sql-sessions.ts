import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Sessions } from '../application/sessions.js';
import { Session } from '../domain/session.js';

interface SessionRow {
  state: string;
  context: Record<string, unknown>;
  last_active_at: Date;
  menu_expires_at: Date;
  expires_at: Date;
  answered_taps: string[];
  hinted_at: Date | null;
}

/** Sessions in PostgreSQL, one a thread: they commit with the answer that they led to. The thread's lock orders them. */
@Injectable()
export class SqlSessions extends Sessions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async find(threadId: string, now: Date): Promise<Session | undefined> {
    const [row] = await this.unitOfWork.sql.query<SessionRow>(
      `select state, context, last_active_at, menu_expires_at, expires_at, answered_taps, hinted_at from session
       where tenant_id = $1::uuid and thread_id = $2::uuid and expires_at > $3::timestamptz`,
      [this.scope.tenantId, threadId, now.toISOString()],
    );
    if (!row) return undefined;
    return Session.restore({
      threadId,
      state: row.state,
      context: row.context,
      lastActiveAt: row.last_active_at,
      menuExpiresAt: row.menu_expires_at,
      expiresAt: row.expires_at,
      answeredTaps: row.answered_taps,
      hintedAt: row.hinted_at ?? undefined,
    });
  }

  async save(session: Session): Promise<void> {
    const { threadId, state, context, lastActiveAt, menuExpiresAt, expiresAt, answeredTaps, hintedAt } =
      session.snapshot;
    await this.unitOfWork.sql.query(
      `insert into session (tenant_id, thread_id, state, context, last_active_at, menu_expires_at, expires_at, answered_taps, hinted_at)
       values ($1::uuid, $2::uuid, $3, $4::jsonb, $5::timestamptz, $6::timestamptz, $7::timestamptz, $8::text[], $9::timestamptz)
       on conflict (tenant_id, thread_id) do update set state = excluded.state, context = excluded.context, last_active_at = excluded.last_active_at,
         menu_expires_at = excluded.menu_expires_at, expires_at = excluded.expires_at, answered_taps = excluded.answered_taps, hinted_at = excluded.hinted_at`,
      [
        this.scope.tenantId,
        threadId,
        state,
        JSON.stringify(context),
        lastActiveAt.toISOString(),
        menuExpiresAt.toISOString(),
        expiresAt.toISOString(),
        answeredTaps,
        hintedAt?.toISOString() ?? null,
      ],
    );
  }
}
