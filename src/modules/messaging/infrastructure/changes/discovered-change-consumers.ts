import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type ChangeConsumer, ConsumesChanges } from '../../application/changes/change-consumer.js';
import type { ProviderChange } from '../../application/changes/provider-change.js';
import { ChangeConsumers } from '../../application/changes/take-in-change.js';

/** The providers that are decorated with `@ConsumesChanges([...])`. */
@Injectable()
export class DiscoveredChangeConsumers extends ChangeConsumers {
  #found:
    readonly { readonly kinds: readonly ProviderChange['kind'][]; readonly consumer: ChangeConsumer }[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {
    super();
  }

  of(kind: ProviderChange['kind']): readonly ChangeConsumer[] {
    this.#found ??= this.discovery.getProviders({ metadataKey: ConsumesChanges.KEY }).map((wrapper) => ({
      kinds: this.discovery.getMetadataByDecorator(ConsumesChanges, wrapper) ?? [],
      consumer: wrapper.instance as ChangeConsumer,
    }));
    return this.#found.filter(({ kinds }) => kinds.includes(kind)).map(({ consumer }) => consumer);
  }
}
