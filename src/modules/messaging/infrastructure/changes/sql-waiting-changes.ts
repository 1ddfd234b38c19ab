import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type TakenChange, type WaitingChange, WaitingChanges } from '../../application/changes/waiting-changes.js';
import { changesOf } from './meta-change.js';

interface TakenRow {
  field: string;
  waba_id: string | null;
  phone_number_id: string | null;
  provider_at: Date;
  payload: unknown;
}

/** Changes as webhook events in PostgreSQL. */
@Injectable()
export class SqlWaitingChanges extends WaitingChanges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async waiting(laneKey: string, limit: number): Promise<WaitingChange[]> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query<{ id: string; tries: number; next_at: Date }>(
        `select id, tries, next_at from webhook_event
         where tenant_id = $1 and coalesce(phone_number_id, waba_id) = $2 and state = 'pending' and kind = 'change' order by seq limit $3`,
        [this.scope.tenantId, laneKey, limit],
      ),
    );
    return rows.map((row) => ({ eventId: row.id, tries: row.tries, dueAt: row.next_at }));
  }

  /** The event is marked first: whoever else wants it waits for this transaction, and then finds it done. */
  async take(eventId: string): Promise<TakenChange | undefined> {
    const [row] = await this.unitOfWork.sql.query<TakenRow>(
      `update webhook_event set state = 'processed', reason = null, processed_at = coalesce(processed_at, (select business_now()))
       where tenant_id = $1::uuid and id = $2::uuid and state = 'pending' returning field, waba_id, phone_number_id, provider_at, payload`,
      [this.scope.tenantId, eventId],
    );
    if (!row) return undefined;
    return {
      changes: changesOf(row.field, row.payload, row.provider_at),
      source: {
        eventId,
        field: row.field,
        wabaId: row.waba_id ?? undefined,
        phoneNumberId: row.phone_number_id ?? undefined,
        at: row.provider_at,
        raw: row.payload,
      },
    };
  }

  async postpone(eventId: string, tries: number, dueAt: Date, error: string): Promise<void> {
    await this.unitOfWork.runSql((sql) =>
      sql.query(
        `update webhook_event set tries = $3, next_at = $4::timestamptz, reason = $5 where tenant_id = $1::uuid and id = $2::uuid and state = 'pending'`,
        [this.scope.tenantId, eventId, tries, dueAt.toISOString(), error],
      ),
    );
  }

  async quarantine(eventId: string, reason: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `update webhook_event set state = 'quarantined', reason = $3 where tenant_id = $1::uuid and id = $2::uuid and state = 'pending'`,
      [this.scope.tenantId, eventId, reason],
    );
  }
}
