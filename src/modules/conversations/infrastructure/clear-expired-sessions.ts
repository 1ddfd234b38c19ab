import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM } from '../../../kernel/ids.js';
import { Config } from '../../../platform/config/config.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';

const EVERY_MS = 30 * 60_000;
const BATCH = 5000;

/**
 * Removes sessions whose 24 hours are over, every 30 minutes (S0.83, S3.53). Housekeeping only: a session that is over is not found
 * in the meantime. Any number of workers may do it at once. The platform sees no sessions but these (the policy `expired`).
 */
@Injectable()
export class ClearExpiredSessions implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(ClearExpiredSessions.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.works) return;
    this.#timer = setInterval(() => {
      this.clear().catch((error: unknown) =>
        this.#logger.warn(
          `Expired sessions stay for another half hour: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    }, EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** @returns how many went */
  async clear(): Promise<number> {
    let cleared = 0;
    for (let batch = BATCH; batch === BATCH; cleared += batch)
      batch = await this.scope.run(PLATFORM, () => this.#clearBatch());
    return cleared;
  }

  async #clearBatch(): Promise<number> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query(
        `delete from session where (tenant_id, thread_id) in (
           select tenant_id, thread_id from session where expires_at < business_now() order by expires_at limit ${BATCH} for update skip locked)
         returning thread_id`,
      ),
    );
    return rows.length;
  }
}
