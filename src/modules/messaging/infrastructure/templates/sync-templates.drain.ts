import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { isUnavailable } from '../../../../platform/database/database-errors.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { SyncTemplates } from '../../application/templates/sync-templates.js';
import { TEMPLATE_SYNC } from '../../application/templates/template-sync-lane.js';
import { AccountNotFound } from '../../domain/account-errors.js';

const HOUR = 60 * 60_000;

/** Syncs an account's templates hourly, as long as it is connected. The provider's troubles wait for the next hour: what is known is shown as stale. */
@Injectable()
@DrainsLane(TEMPLATE_SYNC)
export class SyncTemplatesHourly extends LaneDrain {
  readonly concurrency = 2;
  override readonly isUpkeep = true;
  readonly #logger = new Logger(SyncTemplatesHourly.name);

  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ key: accountId }: LaneTurn): Promise<Date | undefined> {
    try {
      await this.commands.execute(new SyncTemplates(accountId));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      if (error instanceof AccountNotFound) return undefined;
      this.#logger.warn(
        `Templates of account ${accountId} were not synced: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return new Date(this.clock.now().getTime() + HOUR);
  }
}
