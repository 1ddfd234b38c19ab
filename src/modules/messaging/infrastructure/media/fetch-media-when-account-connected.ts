import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { MEDIA_FETCH } from '../../application/media/media-fetch-lane.js';
import { MediaFiles } from '../../application/media/media-files.js';

/** Files that waited for a token that works are fetched as soon as there is one. */
@Injectable()
@ReactsTo(['messaging.account-connected', 'messaging.credential-replaced'])
export class FetchMediaWhenAccountConnected extends Reaction {
  constructor(
    private readonly files: MediaFiles,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ aggregateId }: DeliveredEvent): Promise<void> {
    const numbers = await this.files.hurry(aggregateId);
    const { tenantId } = this.scope;
    const dueAt = this.clock.now();
    await this.lanes.ring(
      MEDIA_FETCH,
      numbers.map((key) => ({ key, tenantId, dueAt })),
    );
  }
}
