import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { PLATFORM } from '../../../../kernel/ids.js';
import { Config } from '../../../../platform/config/config.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { cardColumns, SEED_CARDS } from '../../application/billing/rate-cards.js';
import { EXAMPLE_CARDS } from './rate-cards/example.js';
import { FREE_SERVICE_CONVERSATIONS } from './rate-cards/free-service-conversations.js';

/** Gives the installation the prices that come with the product, when a worker starts; those that are there stay as they are. */
@Injectable()
export class SeedRateCards implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.works) await this.seed();
  }

  async seed(): Promise<void> {
    const cards = [...FREE_SERVICE_CONVERSATIONS, ...(this.config.NODE_ENV === 'demo' ? EXAMPLE_CARDS : [])];
    const columns = [PLATFORM, this.clock.now().toISOString(), ...cardColumns(cards)];
    await this.scope.run(PLATFORM, () =>
      this.unitOfWork.inBackground(() => this.unitOfWork.runSql((sql) => sql.query(SEED_CARDS, columns))),
    );
  }
}
