import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { OutgoingPlacer, OutgoingPlacers, PlacesOutgoing } from '../../application/outbound/outgoing-placer.js';

/** The one provider that is decorated with `@PlacesOutgoing()`. Without one, messages belong to no conversation. */
@Injectable()
export class DiscoveredPlacer extends OutgoingPlacers {
  #found: { placer: OutgoingPlacer | undefined } | undefined;

  constructor(private readonly discovery: DiscoveryService) {
    super();
  }

  find(): OutgoingPlacer | undefined {
    this.#found ??= { placer: this.#discover() };
    return this.#found.placer;
  }

  #discover(): OutgoingPlacer | undefined {
    const [placer, second] = this.discovery
      .getProviders({ metadataKey: PlacesOutgoing.KEY })
      .map((wrapper) => wrapper.instance as OutgoingPlacer);
    if (second) throw new Error('Two providers place outgoing messages: there can be one');
    return placer;
  }
}
