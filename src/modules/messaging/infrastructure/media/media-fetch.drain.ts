import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { FetchMedia } from '../../application/media/fetch-media.js';
import { MEDIA_FETCH } from '../../application/media/media-fetch-lane.js';
import { type AwaitedFile, MediaFiles } from '../../application/media/media-files.js';
import { Senders } from '../../application/outbound/senders.js';

/** Files of one number at a time: a slow one holds up none but itself. */
const AT_ONCE = 4;

/** Fetches what customers sent to one number, whatever is due first; order does not matter. */
@Injectable()
@DrainsLane(MEDIA_FETCH)
export class MediaFetchDrain extends LaneDrain {
  readonly concurrency = 8;

  constructor(
    private readonly files: MediaFiles,
    private readonly fetchMedia: FetchMedia,
    private readonly senders: Senders,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async drain({ key: phoneNumberId, signal }: LaneTurn): Promise<Date | undefined> {
    const inHand = new Set<string>();
    // A fault of one ends this turn for all; none may still be at work when the lane is given back.
    const ended = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, () => this.#work(phoneNumberId, inHand, signal)),
    );
    const fault = ended.find((end) => end.status === 'rejected');
    if (fault) throw fault.reason;
    return this.unitOfWork.runSql(() => this.files.nextDue(phoneNumberId));
  }

  async #work(phoneNumberId: string, inHand: Set<string>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const file = await this.#take(phoneNumberId, inHand);
      if (!file) return;
      try {
        await this.fetchMedia.fetch(file, await this.senders.findReader(phoneNumberId), signal);
      } finally {
        inHand.delete(file.mediaId);
      }
    }
  }

  async #take(phoneNumberId: string, inHand: Set<string>): Promise<AwaitedFile | undefined> {
    for (;;) {
      const file = await this.unitOfWork.runSql(() => this.files.nextAwaited(phoneNumberId, [...inHand]));
      if (!file) return undefined;
      // Another of the workers may have taken it while this one asked.
      if (inHand.has(file.mediaId)) continue;
      inHand.add(file.mediaId);
      return file;
    }
  }
}
