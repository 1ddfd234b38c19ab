import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../platform/housekeeping/housekeeping.js';

/** Removes sessions whose 24 hours are over (S0.83, S3.53). A session that is over is not found in the meantime either. */
@Injectable()
export class ClearExpiredSessions extends Housekeeping {
  protected readonly every = 30 * 60_000;
  protected readonly removal = `
    delete from session where (tenant_id, thread_id) in (
      select tenant_id, thread_id from session where expires_at < business_now()
      order by expires_at limit $1 for update skip locked)
    returning thread_id`;
}
