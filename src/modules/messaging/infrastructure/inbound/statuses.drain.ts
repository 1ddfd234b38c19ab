import { Injectable } from '@nestjs/common';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { STATUS_LANE } from './lane-kinds.js';
import { MergeStatuses } from './merge-statuses.js';
import { SqlOrphanStatuses } from './sql-orphan-statuses.js';

/** Merges the statuses of a number's messages, many at a time; their order does not matter (reliability 2.4). */
@Injectable()
@DrainsLane(STATUS_LANE)
export class Statuses extends LaneDrain {
  readonly concurrency = 4;

  constructor(
    private readonly merge: MergeStatuses,
    private readonly orphans: SqlOrphanStatuses,
  ) {
    super();
  }

  async drain({ key: phoneNumberId, signal }: LaneTurn): Promise<Date | undefined> {
    await this.orphans.lookAgain(phoneNumberId);
    while (!signal.aborted && (await this.merge.mergeSome(phoneNumberId)));
    return this.orphans.nextLook(phoneNumberId);
  }
}
