import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../housekeeping/housekeeping.js';

/** Forgets events of the log after 30 days; a client that was away for longer loads what it shows anew. */
@Injectable()
export class ClearOldEvents extends Housekeeping {
  protected readonly every = 10 * 60_000;
  protected readonly removal = `
    delete from tenant_event where (tenant_id, id) in (
      select tenant_id, id from tenant_event where occurred_at < business_now() - interval '30 days'
      order by occurred_at limit $1 for update skip locked)
    returning id`;
}
