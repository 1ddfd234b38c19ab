import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Forgets the bytes of webhooks whose events were taken out of them a month ago. */
@Injectable()
export class ForgetSplitWebhooks extends Housekeeping {
  protected readonly every = 30 * 60_000;
  protected readonly removal = `
    delete from webhook_inbox where id in (
      select id from webhook_inbox where state = 'split' and received_at < now() - interval '30 days' limit $1 for update skip locked)
    returning id`;
}
