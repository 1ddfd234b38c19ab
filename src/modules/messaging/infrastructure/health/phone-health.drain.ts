import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { TokenBuckets } from '../../../../platform/rate-limiting/token-buckets.js';
import { PHONE_HEALTH } from '../../application/health/phone-health-lane.js';
import { ReadNumberHealth } from '../../application/health/read-number-health.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** After a failure; sooner than the cache ends, later than anybody would call pestering. */
const AGAIN_MS = 15 * 60 * 1000;
const ONCE_A_MINUTE = { capacity: 1, refillPerSecond: 1 / 60 };

/** Asks the provider for numbers whose reading is old, and for each number once a day. */
@Injectable()
@DrainsLane(PHONE_HEALTH)
export class PhoneHealthDrain extends LaneDrain {
  readonly concurrency = 4;
  override readonly isUpkeep = true;

  constructor(
    private readonly numbers: ReadNumberHealth,
    private readonly buckets: TokenBuckets,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain({ key: phoneNumberId }: LaneTurn): Promise<Date | undefined> {
    // While the provider is away every reader of the page rings.
    const taking = await this.buckets.take([{ key: `phone-health-read:${phoneNumberId}`, ...ONCE_A_MINUTE }]);
    if (!taking.allowed) return this.#in(AGAIN_MS);
    const reading = await this.numbers.of(phoneNumberId);
    if (reading === 'gone') return undefined;
    return this.#in(reading === 'read' ? DAY_MS : AGAIN_MS);
  }

  #in(milliseconds: number): Date {
    return new Date(this.clock.now().getTime() + milliseconds);
  }
}
