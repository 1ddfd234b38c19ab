import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { HistorySyncs } from '../../application/echoes/history-progress.js';

/** The progress of histories in messaging's table of them. */
@Injectable()
export class SqlHistorySyncs extends HistorySyncs {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async advance(phoneNumberId: string, phase: number, progress: number): Promise<void> {
    await this.#upsert(
      phoneNumberId,
      [phase, progress, 0, null],
      `phase = greatest(history_sync.phase, excluded.phase), progress = greatest(history_sync.progress, excluded.progress), refusal = null`,
    );
  }

  async refuse(phoneNumberId: string, refusal: { readonly code: number; readonly title: string }): Promise<void> {
    await this.#upsert(phoneNumberId, [0, 0, 0, JSON.stringify(refusal)], `refusal = excluded.refusal`);
  }

  async count(phoneNumberId: string, messages: number): Promise<void> {
    await this.#upsert(phoneNumberId, [0, 0, messages, null], `messages = history_sync.messages + excluded.messages`);
  }

  async #upsert(phoneNumberId: string, values: readonly unknown[], change: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into history_sync (tenant_id, phone_number_id, phase, progress, messages, refusal, updated_at)
       values ($1::uuid, $2, $3::int, $4::int, $5::int, $6::jsonb, $7::timestamptz)
       on conflict (tenant_id, phone_number_id) do update set ${change}, updated_at = excluded.updated_at`,
      [this.scope.tenantId, phoneNumberId, ...values, this.clock.now().toISOString()],
    );
  }
}
