import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../housekeeping/housekeeping.js';

/** Forgets events that were delivered a month ago, with who has dealt with them. Those that were given up stay: they may be tried again. */
@Injectable()
export class ForgetDeliveredEvents extends Housekeeping {
  protected readonly every = 30 * 60_000;
  protected readonly removal = `
    delete from outbox_event where (tenant_id, id) in (
      select tenant_id, id from outbox_event where state = 'delivered' and occurred_at < business_now() - interval '30 days'
      limit $1 for update skip locked)
    returning id`;
}
