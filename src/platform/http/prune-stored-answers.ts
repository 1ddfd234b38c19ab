import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM } from '../../kernel/ids.js';
import { Config } from '../config/config.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';

const EVERY_MS = 3_600_000;
const BATCH = 5000;

/** Removes answers that are older than seven days (reliability 2.5). Any number of workers may do it at once. */
@Injectable()
export class PruneStoredAnswers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(PruneStoredAnswers.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.works) return;
    this.#timer = setInterval(() => {
      this.prune().catch((error: unknown) =>
        this.#logger.warn(
          `Old answers stay for another hour: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    }, EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** The platform sees no answers but those that are over (the policy `expired`). @returns how many went */
  async prune(): Promise<number> {
    let pruned = 0;
    for (let batch = BATCH; batch === BATCH; pruned += batch)
      batch = await this.scope.run(PLATFORM, () => this.#pruneBatch());
    return pruned;
  }

  async #pruneBatch(): Promise<number> {
    const rows = await this.unitOfWork.runSql((sql) =>
      sql.query(
        `delete from idempotency_key where (tenant_id, key) in (
           select tenant_id, key from idempotency_key where created_at < now() - interval '7 days' order by created_at limit ${BATCH} for update skip locked)
         returning key`,
      ),
    );
    return rows.length;
  }
}
