import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Forgets what took effect a month ago: messages and statuses stand in tables of their own, and Meta tells nothing again after seven days. */
@Injectable()
export class ForgetProcessedEvents extends Housekeeping {
  protected readonly every = 30 * 60_000;
  protected readonly removal = `
    delete from webhook_event where (tenant_id, id) in (
      select tenant_id, id from webhook_event where state = 'processed' and received_at < now() - interval '30 days'
      limit $1 for update skip locked)
    returning id`;
}
