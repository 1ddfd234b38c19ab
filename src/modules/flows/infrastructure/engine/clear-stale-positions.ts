import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Removes places in the flow of conversations that have rested for a month (C63): their sessions are over long since. */
@Injectable()
export class ClearStalePositions extends Housekeeping {
  protected readonly every = 60 * 60_000;
  protected readonly removal = `
    delete from flow_position where (tenant_id, thread_id) in (
      select tenant_id, thread_id from flow_position where updated_at < business_now() - interval '30 days'
      limit $1 for update skip locked)
    returning thread_id`;
}
