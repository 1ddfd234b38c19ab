import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../../../../platform/housekeeping/housekeeping.js';

/** Adds the ways that conversations took to the counts (D16). Counters are locked in the order of their keys: workers that do it at once wait, and no more. */
@Injectable()
export class AddUpTakenEdges extends Housekeeping {
  protected readonly every = 60_000;
  protected readonly removal = `
    with gone as (
      delete from flow_edge_taken where (tenant_id, id) in (
        select tenant_id, id from flow_edge_taken limit $1 for update skip locked)
      returning tenant_id, version, from_key, edge),
    added as (
      insert into flow_edge_count as c (tenant_id, version, from_key, edge, taken)
      select tenant_id, version, from_key, edge, count(*) from gone
      group by tenant_id, version, from_key, edge order by tenant_id, version, from_key, edge
      on conflict (tenant_id, version, from_key, edge) do update set taken = c.taken + excluded.taken)
    select version from gone`;
}
