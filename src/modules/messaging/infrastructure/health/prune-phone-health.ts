import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Removes health snapshots that are older than 90 days. */
@Injectable()
export class PrunePhoneHealth extends Housekeeping {
  protected readonly every = 60 * 60_000;
  protected readonly removal = `
    delete from phone_health where (tenant_id, phone_number_id, taken_at) in (
      select tenant_id, phone_number_id, taken_at from phone_health where taken_at < business_now() - interval '90 days'
      order by taken_at limit $1 for update skip locked)
    returning phone_number_id`;
}
