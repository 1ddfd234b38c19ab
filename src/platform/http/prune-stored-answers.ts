import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../housekeeping/housekeeping.js';

/** Removes the answers of Idempotency-Keys that are older than seven days (reliability 2.5). */
@Injectable()
export class PruneStoredAnswers extends Housekeeping {
  protected readonly every = 60 * 60_000;
  protected readonly removal = `
    delete from idempotency_key where (tenant_id, key) in (
      select tenant_id, key from idempotency_key where created_at < now() - interval '7 days'
      order by created_at limit $1 for update skip locked)
    returning key`;
}
