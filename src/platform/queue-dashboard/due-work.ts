import { DiscoveryService } from '@nestjs/core';
import type { TenantId } from '../../kernel/ids.js';

/** What is due at one lane, whether or not the lane is under way. */
export interface DueAtLane {
  readonly key: string;
  readonly tenantId: TenantId;
  /** When the oldest of it fell due. */
  readonly since: Date;
  readonly count: number;
}

/**
 * Tells the operator what is due of a kind of work, of all tenants. A lane has no row while its work is held until something happens (a number is
 * paused, a token refused), because whoever makes it happen rings; so rows say what is due, and this asks them.
 */
export abstract class DueWork {
  abstract due(): Promise<DueAtLane[]>;
}

/** Marks the `DueWork` of a kind of lane. */
export const TellsWhatIsDue = DiscoveryService.createDecorator<string>();
