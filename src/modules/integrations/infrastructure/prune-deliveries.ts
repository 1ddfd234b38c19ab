import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../platform/housekeeping/housekeeping.js';

/** Forgets deliveries a month after they were over. */
@Injectable()
export class PruneDeliveries extends Housekeeping {
  protected readonly every = 60 * 60_000;
  protected readonly removal = `
    delete from webhook_delivery where (tenant_id, id) in (
      select tenant_id, id from webhook_delivery
      where state in ('delivered', 'exhausted', 'cancelled') and updated_at < business_now() - interval '30 days'
      order by updated_at limit $1 for update skip locked)
    returning id`;
}
