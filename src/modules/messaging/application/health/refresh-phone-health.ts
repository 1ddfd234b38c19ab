import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { TooManyRequests } from '../../../../platform/rate-limiting/http-limits.js';
import { TokenBuckets } from '../../../../platform/rate-limiting/token-buckets.js';
import { ListPhoneHealth } from './list-phone-health.js';
import type { PhoneHealthView } from './phone-health-view.js';
import { ReadNumberHealth } from './read-number-health.js';

/**
 * Asks the provider for all numbers now (S1.61); once a minute a tenant. Numbers that it does not answer for show their last reading with
 * `refreshFailed`. A crash between two numbers leaves those read that were read. @throws TooManyRequests
 */
@OpensItsOwnTransactions()
export class RefreshPhoneHealth extends Command<PhoneHealthView[]> {
  constructor(readonly access: InboxAccess) {
    super();
  }
}

const ONCE_A_MINUTE = { capacity: 1, refillPerSecond: 1 / 60 };
/** Numbers asked for at a time. */
const TOGETHER = 8;

@CommandHandler(RefreshPhoneHealth)
export class RefreshPhoneHealthHandler implements ICommandHandler<RefreshPhoneHealth> {
  constructor(
    private readonly queries: Queries,
    private readonly scope: TenantScope,
    private readonly buckets: TokenBuckets,
    private readonly numbers: ReadNumberHealth,
  ) {}

  async execute({ access }: RefreshPhoneHealth): Promise<PhoneHealthView[]> {
    const taking = await this.buckets.take([{ key: `phone-health:${this.scope.tenantId}`, ...ONCE_A_MINUTE }]);
    if (!taking.allowed) throw new TooManyRequests(taking.retryAfterMs);
    const failed = new Map<string, string>();
    const ids = (await this.queries.execute(new ListPhoneHealth(access))).map(({ phoneNumberId }) => phoneNumberId);
    while (ids.length > 0) {
      await Promise.all(
        ids.splice(0, TOGETHER).map(async (id) => {
          const reading = await this.numbers.of(id);
          if (typeof reading === 'object') failed.set(id, reading.failed);
        }),
      );
    }
    const views = await this.queries.execute(new ListPhoneHealth(access));
    return views.map((view) => {
      const refreshFailed = failed.get(view.phoneNumberId);
      return refreshFailed === undefined ? view : { ...view, refreshFailed };
    });
  }
}
