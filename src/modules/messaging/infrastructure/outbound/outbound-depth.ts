import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { DatabasePools } from '../../../../platform/database/pools.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { classOfPriority } from '../../domain/outbound-message.js';

const STATES = ['queued', 'later', 'sending', 'unknown'] as const;
const PRIORITIES = [0, 1, 2];

/** How many messages wait to leave, of all merchants (S2.77); counted when Prometheus asks. */
@Injectable()
export class OutboundDepth {
  constructor(
    private readonly pools: DatabasePools,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'outbound_queue',
      'Outgoing messages that wait: due, for a later hour, on the wire, for the proof of a lost answer.',
      ['state', 'priority'],
      (gauge) => this.#count(gauge),
    );
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
