import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ConsumesInbound, InboundConsumer } from '../../application/inbound/inbound-consumer.js';
import { InboundConsumers } from '../../application/inbound/take-in-message.js';

/** The one provider that is decorated with `@ConsumesInbound()`. Without one, messages are stored and nobody answers. */
@Injectable()
export class DiscoveredConsumer extends InboundConsumers {
  #found: { consumer: InboundConsumer | undefined } | undefined;

  constructor(private readonly discovery: DiscoveryService) {
    super();
  }

  find(): InboundConsumer | undefined {
    this.#found ??= { consumer: this.#discover() };
    return this.#found.consumer;
  }

  #discover(): InboundConsumer | undefined {
    const [consumer, second] = this.discovery
      .getProviders({ metadataKey: ConsumesInbound.KEY })
      .map((wrapper) => wrapper.instance as InboundConsumer);
    if (second) throw new Error('Two providers consume inbound messages: there can be one');
    return consumer;
  }
}
