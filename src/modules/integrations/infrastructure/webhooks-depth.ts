import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { DatabasePools } from '../../../platform/database/pools.js';
import { Metrics } from '../../../platform/metrics/metrics.js';

const STANDINGS = ['answering', 'failing', 'paused', 'disabled'] as const;

/** How many endpoints answer, and what waits for those that are told anything, of all merchants (S2.77); counted when Prometheus asks. */
@Injectable()
export class WebhooksDepth {
  constructor(
    private readonly pools: DatabasePools,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'webhook_endpoints',
      "Endpoints of merchants' systems: answering, failing (since its last success, or ever), paused, disabled.",
      ['standing'],
      (gauge) => this.#countEndpoints(gauge),
    );
    metrics.gauge(
      'webhooks_waiting',
      'Events that wait to be told to endpoints: of those that answer, and of those that are failing.',
      ['standing'],
      (gauge) => this.#countWaiting(gauge),
    );
    metrics.gauge(
      'webhooks_oldest_seconds',
      'For how long the oldest of them has been waiting.',
      ['standing'],
      (gauge) => this.#sayOldest(gauge),
    );
    metrics.gauge(
      'webhooks_late_seconds',
      'For how long something has been due at an endpoint that answers: workers are missing, or slow.',
      [],
      (gauge) => this.#sayLateness(gauge),
    );
  }

  async #countEndpoints(gauge: Gauge<'standing'>): Promise<void> {
    const rows = await this.#ask<{ standing: string; n: number }>('count(*)::float8 as n');
    for (const standing of STANDINGS) gauge.set({ standing }, 0);
    for (const { standing, n } of rows) gauge.set({ standing }, n);
  }

  async #countWaiting(gauge: Gauge<'standing'>): Promise<void> {
    const rows = await this.#ask<{ standing: string; n: number }>('sum(waiting)::float8 as n');
    for (const { standing, n } of told(rows)) gauge.set({ standing }, n);
  }

  async #sayOldest(gauge: Gauge<'standing'>): Promise<void> {
    const rows = await this.#ask<{ standing: string; oldest: Date | null }>('min(oldest) as oldest');
    for (const { standing, oldest } of told(rows)) gauge.set({ standing }, this.#secondsSince(oldest));
  }

  async #sayLateness(gauge: Gauge): Promise<void> {
    const rows = await this.#ask<{ standing: string; since: Date | null }>('min(due_since) as since');
    gauge.set(this.#secondsSince(rows.find(({ standing }) => standing === 'answering')?.since ?? null));
  }

  #secondsSince(instant: Date | null): number {
    return instant ? Math.max(0, this.clock.now().getTime() - instant.getTime()) / 1000 : 0;
  }

  async #ask<Row extends { standing: string }>(what: string): Promise<Row[]> {
    return (await this.pools.requests.query<Row>(`select standing, ${what} from webhooks_waiting() group by standing`))
      .rows;
  }
}

/** What waits at an endpoint that is paused or disabled waits for people. */
function told<Row extends { standing: string }>(rows: readonly Row[]): Row[] {
  return rows.filter(({ standing }) => standing === 'answering' || standing === 'failing');
}
