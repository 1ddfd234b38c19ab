import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../platform/lanes/lanes.js';
import { WEBHOOK_OUT } from './webhook-out-lane.js';

/** Says, in the transaction that made it so, that endpoints have something to be told. */
@Injectable()
export class WebhookBell {
  constructor(
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  ring(endpointIds: readonly string[]): Promise<void> {
    const [{ tenantId }, dueAt] = [this.scope, this.clock.now()];
    return this.lanes.ring(
      WEBHOOK_OUT,
      endpointIds.map((key) => ({ key, tenantId, dueAt })),
    );
  }
}
