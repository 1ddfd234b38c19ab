import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  ComposesMessages,
  type MessageComposer,
  MessageComposers,
} from '../../application/outbound/message-composer.js';

/** The one provider that is decorated with `@ComposesMessages()`. Without one there are no steps. */
@Injectable()
export class DiscoveredComposer extends MessageComposers {
  #found: { composer: MessageComposer | undefined } | undefined;

  constructor(private readonly discovery: DiscoveryService) {
    super();
  }

  find(): MessageComposer | undefined {
    this.#found ??= { composer: this.#discover() };
    return this.#found.composer;
  }

  #discover(): MessageComposer | undefined {
    const [composer, second] = this.discovery
      .getProviders({ metadataKey: ComposesMessages.KEY })
      .map((wrapper) => wrapper.instance as MessageComposer);
    if (second) throw new Error('Two providers compose messages: there can be one');
    return composer;
  }
}
