import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { tenantId } from '../../../../kernel/ids.js';
import { DatabasePools } from '../../../../platform/database/pools.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { type DueAtLane, DueWork, TellsWhatIsDue } from '../../../../platform/queue-dashboard/due-work.js';
import { SEND_QUEUE } from '../../application/outbound/send-queue-lane.js';
import { classOfPriority } from '../../domain/outbound-message.js';

const STATES = ['queued', 'later', 'sending', 'unknown'] as const;
const PRIORITIES = [0, 1, 2];

/** How many messages wait to leave, of all merchants (S2.77); counted when Prometheus or the operator asks. */
@Injectable()
@TellsWhatIsDue(SEND_QUEUE)
export class OutboundDepth extends DueWork {
  constructor(
    private readonly pools: DatabasePools,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge(
      'outbound_queue',
      'Outgoing messages that wait: due, for a later hour, on the wire, for the proof of a lost answer.',
      ['state', 'priority'],
      (gauge) => this.#count(gauge),
    );
  }

  async due(): Promise<DueAtLane[]> {
    const { rows } = await this.pools.requests.query<{ key: string; tenant_id: string; since: Date; n: number }>(
      `select phone_number_id as key, tenant_id, min(since) as since, sum(n)::float8 as n
       from messages_waiting() where state = 'queued' group by 1, 2`,
    );
    return rows.map(({ key, tenant_id, since, n }) => ({ key, tenantId: tenantId(tenant_id), since, count: n }));
  }

  async #count(gauge: Gauge<'state' | 'priority'>): Promise<void> {
    const { rows } = await this.pools.requests.query<{ state: string; priority: number; n: number }>(
      'select state, priority, sum(n)::float8 as n from messages_waiting() group by state, priority',
    );
    gauge.reset();
    for (const state of STATES)
      for (const priority of PRIORITIES) gauge.set({ state, priority: classOfPriority(priority) }, 0);
    for (const { state, priority, n } of rows) gauge.set({ state, priority: classOfPriority(priority) }, n);
  }
}
