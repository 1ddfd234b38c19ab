import { Injectable } from '@nestjs/common';
import { DatabasePools } from '../database/pools.js';
import { QueueProbe } from './queue-probe.js';
import { ReadinessProbe } from './readiness.js';
import { within } from './within.js';

/** The shape of S3.54. */
export interface WhatsAppHealth {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly services: {
    /** delayed: some due work has waited for more than a minute */
    readonly messageHandler: 'operational' | 'delayed' | 'down';
    readonly redis: 'operational' | 'down' | 'not-used';
    readonly database: 'operational' | 'down';
  };
}

/** How the parts of the WhatsApp channel do, over all processes. */
@Injectable()
export class ServiceHealth {
  constructor(
    private readonly pools: DatabasePools,
    private readonly readiness: ReadinessProbe,
    private readonly queue: QueueProbe,
  ) {}

  async check(): Promise<WhatsAppHealth> {
    const [database, redis, lag] = await Promise.all([
      this.readiness.database(),
      this.queue.redis(),
      longestWait(this.pools).catch(() => undefined),
    ]);
    const services = {
      messageHandler: lag === undefined ? 'down' : lag > 60 ? 'delayed' : 'operational',
      redis: redis === undefined ? 'not-used' : redis ? 'operational' : 'down',
      database: database ? 'operational' : 'down',
    } as const;
    const isHealthy = services.messageHandler === 'operational' && services.redis !== 'down';
    return {
      status: !database || services.messageHandler === 'down' ? 'unhealthy' : isHealthy ? 'healthy' : 'degraded',
      services,
    };
  }
}

/** Seconds for which the longest due lane has waited; 0 when nothing is due. A stranded lease counts from its end. */
export async function longestWait(pools: DatabasePools): Promise<number> {
  const { rows } = await within(
    800,
    pools.requests.query<{ seconds: number }>(
      `select coalesce(extract(epoch from greatest(
         business_now() - least((select min(due_at) from lane where lease_until is null), (select min(due_at) from lane_ring)),
         now() - (select min(lease_until) from lane))), 0)::float8 as seconds`,
    ),
  );
  return Math.max(0, rows[0]!.seconds);
}
