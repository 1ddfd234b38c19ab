import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Removes viewers whose process died with their connections. They count as gone in the meantime. */
@Injectable()
export class ClearLostViewers extends Housekeeping {
  protected readonly every = 5 * 60_000;
  protected readonly removal = `
    delete from thread_viewer where (tenant_id, thread_id, connection_id) in (
      select tenant_id, thread_id, connection_id from thread_viewer where viewing_until < now()
      order by viewing_until limit $1 for update skip locked)
    returning thread_id`;
}
