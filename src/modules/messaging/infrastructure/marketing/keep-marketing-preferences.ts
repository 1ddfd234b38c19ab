import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ChangeConsumer, ConsumesChanges } from '../../application/changes/change-consumer.js';
import type { ChangeSource, ProviderChange } from '../../application/changes/provider-change.js';

/**
 * What customers chose in the chat's settings about one number's marketing (F7): the latest word of the provider's time counts. Reminders of
 * dues are no marketing and go on.
 */
@Injectable()
@ConsumesChanges(['marketing-preference'])
export class KeepMarketingPreferences extends ChangeConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async consume(change: ProviderChange, { phoneNumberId, raw }: ChangeSource): Promise<void> {
    if (change.kind !== 'marketing-preference' || phoneNumberId === undefined) return;
    const { customer, choice, at } = change;
    await this.unitOfWork.sql.query(
      `insert into marketing_preference (tenant_id, phone_number_id, address_kind, address, choice, chosen_at, raw)
       values ($1::uuid, $2, $3, $4, $5, $6::timestamptz, $7::jsonb)
       on conflict (tenant_id, phone_number_id, address_kind, address) do update
         set choice = excluded.choice, chosen_at = excluded.chosen_at, raw = excluded.raw
         where marketing_preference.chosen_at <= excluded.chosen_at`,
      [
        this.scope.tenantId,
        phoneNumberId,
        customer.kind,
        customer.value,
        choice,
        at.toISOString(),
        JSON.stringify(raw),
      ],
    );
  }
}
