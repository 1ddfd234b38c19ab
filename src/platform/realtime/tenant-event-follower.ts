import { DiscoveryService } from '@nestjs/core';

/** Wants to know when a tenant's log has grown, so that it need not look. */
export abstract class TenantEventFollower {
  /** In the transaction that numbers events of the current tenant, up to `seq`: statements only, and few of them. */
  abstract numbered(seq: number): Promise<void>;
}

/** Marks a `TenantEventFollower`. */
export const FollowsTenantEvents = DiscoveryService.createDecorator();
