import { DiscoveryService } from '@nestjs/core';
import type { ChangeSource, ProviderChange } from './provider-change.js';

/**
 * Acts on changes of some kinds; any number may consume one kind, in any module. All of them run in the change's one transaction, in the tenant's
 * scope, in order of the number or account. They may be run again after a fault and by a replay: effects are idempotent. Throwing means
 * "later", with backoff, then the dead letters.
 */
export abstract class ChangeConsumer {
  abstract consume(change: ProviderChange, source: ChangeSource): Promise<void>;
}

/** Marks a `ChangeConsumer` with the kinds that it wants. */
export const ConsumesChanges = DiscoveryService.createDecorator<readonly ProviderChange['kind'][]>();
