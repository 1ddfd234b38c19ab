import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM } from '../../kernel/ids.js';
import { Config } from '../config/config.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';

const BATCH = 5000;

/**
 * Removes rows that are over, every so often, in each worker: any number of them may do it at once. It works in the platform's scope,
 * which sees no rows of the table but those that are over, by a policy named `expired` in the table's migration.
 */
@Injectable()
export abstract class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Milliseconds between two rounds. */
  protected abstract readonly every: number;
  /** Deletes up to $1 rows that are over, skips those that another worker holds, and returns a row for each. */
  protected abstract readonly removal: string;
  readonly #logger = new Logger(this.constructor.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.works) return;
    this.#timer = setInterval(() => {
      this.unitOfWork
        .inBackground(() => this.clear())
        .catch((error: unknown) =>
          this.#logger.warn(
            `What is over stays for another round: ${error instanceof Error ? error.message : String(error)}`,
          ),
        );
    }, this.every).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** @returns how many rows went */
  async clear(): Promise<number> {
    let cleared = 0;
    for (let batch = BATCH; batch === BATCH; cleared += batch) {
      const rows = await this.scope.run(PLATFORM, () =>
        this.unitOfWork.runSql((sql) => sql.query(this.removal, [BATCH])),
      );
      batch = rows.length;
    }
    return cleared;
  }
}
